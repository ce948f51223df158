# Right answers that differ from the solution, one a block: "# %% task what differs".
# What stands before the first block begins every answer.

import openai


# %% 01.1 The instruction is the developer's, in a part
def instructed(client, model, instruction, question):
    content = [{"type": "text", "text": instruction}]
    messages = [{"role": "developer", "content": content}, {"role": "user", "content": question}]
    response = client.chat.completions.create(model=model, messages=messages)
    return response.choices[0].message.content


# %% 01.4 The status and the body instead of the class and param
def fault_of(client, model, messages):
    try:
        client.chat.completions.create(model=model, messages=messages)
    except openai.APIStatusError as error:
        if error.status_code == 400:
            return error.body["param"]
        raise
