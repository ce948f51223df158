# Right answers that differ from the solution, one a block: "# %% task what differs".
# What stands before the first block begins every answer.

import copy

from course_utils import count_message_tokens


def say(client, model, history, text):
    history += [{"role": "user", "content": text}]
    response = client.chat.completions.create(model=model, messages=history)
    message = response.choices[0].message
    history.extend([{"role": message.role, "content": message.content}])
    return message.content


# %% 03.2 A tuple as the default, and a copy
def chat(client, model, text, history=()):
    history = list(history)
    say(client, model, history, text)
    return history


# %% 03.2 A new chat begins with instructions
def chat(client, model, text, history=None):
    if history is None:
        history = [{"role": "system", "content": "Be kind."}]
    say(client, model, history, text)
    return history


# %% 03.3 It begins with instructions, and asks without a prompt
def chat_loop(client, model):
    history = [{"role": "developer", "content": "Be brief."}]
    for text in iter(input, "exit"):
        print("AI:", say(client, model, history, text))


# %% 03.3 The reply is streamed, and goodbye is said
def chat_loop(client, model):
    history = []
    while (text := input("> ").strip()) != "exit":
        history.append({"role": "user", "content": text})
        print("AI: ", end="")
        answer = ""
        for chunk in client.chat.completions.create(model=model, messages=history, stream=True):
            piece = chunk.choices[0].delta.content or ""
            print(piece, end="", flush=True)
            answer += piece
        print()
        history.append({"role": "assistant", "content": answer})
    print("Goodbye!")


# %% 03.4 From the newest turn backwards
def trim(messages, limit):
    front = [each for each in messages if each["role"] in ("system", "developer")]
    rest, kept = messages[len(front) :], []
    while rest and count_message_tokens(front + rest[-2:] + kept) <= limit:
        kept, rest = rest[-2:] + kept, rest[:-2]
    return front + kept


# %% 03.4 Turns are deleted from a deep copy
def trim(messages, limit):
    result = copy.deepcopy(messages)
    while count_message_tokens(result) > limit:
        del result[1:3]
    return result
