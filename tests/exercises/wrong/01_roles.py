# Wrong answers, one a block: "# %% task mistake | criterion that fails | words of its hint".
# What stands before the first block begins every answer.

import openai


def text_of(client, model, messages):
    response = client.chat.completions.create(model=model, messages=messages)
    return response.choices[0].message.content


# %% 01.1 Instruction and question glued together | instruction | a message of its own
def instructed(client, model, instruction, question):
    return text_of(client, model, [{"role": "user", "content": f"{instruction}\n{question}"}])


# %% 01.1 The instruction comes after the question | instruction | a message of its own
def instructed(client, model, instruction, question):
    messages = [
        {"role": "user", "content": question},
        {"role": "system", "content": instruction},
    ]
    return text_of(client, model, messages)


# %% 01.1 The instruction as the assistant's words | instruction | in the role that is made for it
def instructed(client, model, instruction, question):
    messages = [
        {"role": "assistant", "content": instruction},
        {"role": "user", "content": question},
    ]
    return text_of(client, model, messages)


# %% 01.1 The question as a second instruction | question | the one who asks
def instructed(client, model, instruction, question):
    messages = [
        {"role": "system", "content": instruction},
        {"role": "system", "content": question},
    ]
    return text_of(client, model, messages)


# %% 01.1 The whole response is returned | returns | .message.content
def instructed(client, model, instruction, question):
    messages = [{"role": "system", "content": instruction}, {"role": "user", "content": question}]
    return client.chat.completions.create(model=model, messages=messages)


# %% 01.1 The finish reason is returned | returns | .message.content
def instructed(client, model, instruction, question):
    messages = [{"role": "system", "content": instruction}, {"role": "user", "content": question}]
    response = client.chat.completions.create(model=model, messages=messages)
    return response.choices[0].finish_reason


# %% 01.2 All examples in one message | examples | a conversation that never was
def labelled(client, model, examples, text):
    shots = "\n".join(f"{said} -> {label}" for said, label in examples)
    messages = [{"role": "user", "content": shots}, {"role": "user", "content": text}]
    return text_of(client, model, messages)


# %% 01.2 An instruction comes before the examples | examples | Nothing else comes before
def labelled(client, model, examples, text):
    messages = [{"role": "system", "content": "Label the text."}]
    for said, label in examples:
        messages += [{"role": "user", "content": said}, {"role": "assistant", "content": label}]
    return text_of(client, model, [*messages, {"role": "user", "content": text}])


# %% 01.2 The labels are the user's words | examples | the assistant answers with the label
def labelled(client, model, examples, text):
    messages = [{"role": "user", "content": each} for pair in examples for each in pair]
    return text_of(client, model, [*messages, {"role": "user", "content": text}])


# %% 01.2 Text and label are swapped | examples | the user says the text
def labelled(client, model, examples, text):
    messages = []
    for said, label in examples:
        messages.append({"role": "user", "content": label})
        messages.append({"role": "assistant", "content": said})
    return text_of(client, model, [*messages, {"role": "user", "content": text}])


# %% 01.2 Only the first example is sent | examples | and so on
def labelled(client, model, examples, text):
    said, label = examples[0]
    messages = [{"role": "user", "content": said}, {"role": "assistant", "content": label}]
    return text_of(client, model, [*messages, {"role": "user", "content": text}])


# %% 01.2 The text comes before the examples | last | behind all examples
def labelled(client, model, examples, text):
    messages = [{"role": "user", "content": text}]
    for said, label in examples:
        messages.append({"role": "user", "content": said})
        messages.append({"role": "assistant", "content": label})
    return text_of(client, model, messages)


# %% 01.2 The text is forgotten | last | the text that is to be labelled
def labelled(client, model, examples, text):
    messages = []
    for said, label in examples:
        messages.append({"role": "user", "content": said})
        messages.append({"role": "assistant", "content": label})
    return text_of(client, model, messages)


# %% 01.2 The last example's label is returned | returns | .message.content
def labelled(client, model, examples, text):
    messages = []
    for said, label in examples:
        messages.append({"role": "user", "content": said})
        messages.append({"role": "assistant", "content": label})
    text_of(client, model, [*messages, {"role": "user", "content": text}])
    return label


# %% 01.3 Everything joined into one string | parts | Make one for each text
def in_parts(client, model, wish, documents):
    return text_of(client, model, [{"role": "user", "content": "\n".join([wish, *documents])}])


# %% 01.3 The documents in one part | parts | Make one for each text
def in_parts(client, model, wish, documents):
    parts = [{"type": "text", "text": wish}, {"type": "text", "text": "\n".join(documents)}]
    return text_of(client, model, [{"role": "user", "content": parts}])


# %% 01.3 The wish comes last | parts | in order
def in_parts(client, model, wish, documents):
    parts = [{"type": "text", "text": each} for each in [*documents, wish]]
    return text_of(client, model, [{"role": "user", "content": parts}])


# %% 01.3 A message for each part | one | the content of one message
def in_parts(client, model, wish, documents):
    parts = [{"type": "text", "text": each} for each in [wish, *documents]]
    return text_of(client, model, [{"role": "user", "content": [part]} for part in parts])


# %% 01.3 The parts are in a system message | one | the content of one message
def in_parts(client, model, wish, documents):
    parts = [{"type": "text", "text": each} for each in [wish, *documents]]
    return text_of(client, model, [{"role": "system", "content": parts}])


# %% 01.3 The parts are returned | returns | .message.content
def in_parts(client, model, wish, documents):
    parts = [{"type": "text", "text": each} for each in [wish, *documents]]
    text_of(client, model, [{"role": "user", "content": parts}])
    return parts


# %% 01.4 The whole error as text | field | look at its param
def fault_of(client, model, messages):
    try:
        text_of(client, model, messages)
    except openai.BadRequestError as error:
        return str(error)


# %% 01.4 The code instead of the field | field | look at its param
def fault_of(client, model, messages):
    try:
        text_of(client, model, messages)
    except openai.BadRequestError as error:
        return error.code


# %% 01.4 Only the last part of the field | field | look at its param
def fault_of(client, model, messages):
    try:
        text_of(client, model, messages)
    except openai.BadRequestError as error:
        return error.param.rpartition(".")[2]


# %% 01.4 Every error is caught | others | nothing wider
def fault_of(client, model, messages):
    try:
        text_of(client, model, messages)
    except Exception as error:
        return getattr(error, "param", None)


# %% 01.4 Every status is caught | others | openai.BadRequestError
def fault_of(client, model, messages):
    try:
        text_of(client, model, messages)
    except openai.APIStatusError as error:
        return error.param


# %% 01.4 The reply is returned when all is well | fine | return None
def fault_of(client, model, messages):
    try:
        return text_of(client, model, messages)
    except openai.BadRequestError as error:
        return error.param


# %% 01.4 An empty text means that all is well | fine | return None
def fault_of(client, model, messages):
    try:
        text_of(client, model, messages)
    except openai.BadRequestError as error:
        return error.param
    return ""
