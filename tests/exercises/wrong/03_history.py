# Wrong answers, one a block: "# %% task mistake | criterion that fails | words of its hint".
# What stands before the first block begins every answer.

import copy

from course_utils import count_message_tokens, count_tokens


def say(client, model, history, text):
    history.append({"role": "user", "content": text})
    response = client.chat.completions.create(model=model, messages=history)
    history.append({"role": "assistant", "content": response.choices[0].message.content})
    return response.choices[0].message.content


# %% 03.1 The reply is not appended | keeps | append the user's message and then the reply
def say(client, model, history, text):
    history.append({"role": "user", "content": text})
    response = client.chat.completions.create(model=model, messages=history)
    return response.choices[0].message.content


# %% 03.1 The user's turn is sent but not kept | keeps | append the user's message and then the reply
def say(client, model, history, text):
    sent = [*history, {"role": "user", "content": text}]
    response = client.chat.completions.create(model=model, messages=sent)
    history.append({"role": "assistant", "content": response.choices[0].message.content})
    return response.choices[0].message.content


# %% 03.1 The reply is kept as the user's | keeps | each in its own role
def say(client, model, history, text):
    history.append({"role": "user", "content": text})
    response = client.chat.completions.create(model=model, messages=history)
    history.append({"role": "user", "content": response.choices[0].message.content})
    return response.choices[0].message.content


# %% 03.1 Only the new message is sent | keeps | send the whole history
def say(client, model, history, text):
    history.append({"role": "user", "content": text})
    response = client.chat.completions.create(model=model, messages=history[-1:])
    history.append({"role": "assistant", "content": response.choices[0].message.content})
    return response.choices[0].message.content


# %% 03.1 The user's turn is appended after the call | asks | before you call create()
def say(client, model, history, text):
    response = client.chat.completions.create(model=model, messages=history)
    history.append({"role": "user", "content": text})
    history.append({"role": "assistant", "content": response.choices[0].message.content})
    return response.choices[0].message.content


# %% 03.1 The SDK's object is appended | plain | Append dicts
def say(client, model, history, text):
    history.append({"role": "user", "content": text})
    response = client.chat.completions.create(model=model, messages=history)
    history.append(response.choices[0].message)
    return response.choices[0].message.content


# %% 03.1 The whole model_dump is appended | plain | model_dump()
def say(client, model, history, text):
    history.append({"role": "user", "content": text})
    response = client.chat.completions.create(model=model, messages=history)
    history.append(response.choices[0].message.model_dump())
    return response.choices[0].message.content


# %% 03.1 The message is returned, not its text | returns | .message.content
def say(client, model, history, text):
    history.append({"role": "user", "content": text})
    response = client.chat.completions.create(model=model, messages=history)
    history.append({"role": "assistant", "content": response.choices[0].message.content})
    return response.choices[0].message


# %% 03.1 The reply is printed, not returned | returns | Return the text
def say(client, model, history, text):
    history.append({"role": "user", "content": text})
    response = client.chat.completions.create(model=model, messages=history)
    history.append({"role": "assistant", "content": response.choices[0].message.content})
    print(response.choices[0].message.content)


# %% 03.2 A list as the default | alone | history=None
def chat(client, model, text, history=[]):
    say(client, model, history, text)
    return history


# %% 03.2 One global history for all who bring none | alone | first one said
shared = []


def chat(client, model, text, history=None):
    history = shared if history is None else history
    say(client, model, history, text)
    return history


# %% 03.2 The history that is given is ignored | continues | send its messages first
def chat(client, model, text, history=None):
    history = []
    say(client, model, history, text)
    return history


# %% 03.2 The history comes after the new message | continues | send its messages first
def chat(client, model, text, history=None):
    sent = [{"role": "user", "content": text}, *(history or [])]
    response = client.chat.completions.create(model=model, messages=sent)
    return [*sent, {"role": "assistant", "content": response.choices[0].message.content}]


# %% 03.2 The text is returned | returned | return the whole list
def chat(client, model, text, history=None):
    return say(client, model, list(history or []), text)


# %% 03.2 The returned history lacks the reply | returned | Append the reply
def chat(client, model, text, history=None):
    history = [*(history or []), {"role": "user", "content": text}]
    client.chat.completions.create(model=model, messages=history)
    return history


# %% 03.3 exit is sent, too | exit | before you append and send it
def chat_loop(client, model):
    history, text = [], ""
    while text != "exit":
        text = input("> ")
        print("AI:", say(client, model, history, text))


# %% 03.3 Only EXIT in capitals ends it | exit | before you append and send it
def chat_loop(client, model):
    history = []
    while (text := input("> ")) != "EXIT":
        print("AI:", say(client, model, history, text))


# %% 03.3 A new history in every round | remembers | outside the loop
def chat_loop(client, model):
    while (text := input("> ")) != "exit":
        history = []
        print("AI:", say(client, model, history, text))


# %% 03.3 The reply is printed twice | once | one time only
def chat_loop(client, model):
    history = []
    while (text := input("> ")) != "exit":
        answer = say(client, model, history, text)
        print(answer)
        print("AI:", answer)


# %% 03.3 The name comes after the text | named | name first
def chat_loop(client, model):
    history = []
    while (text := input("> ")) != "exit":
        print(say(client, model, history, text), ":AI")


# %% 03.3 No space after the name | named | with its space
def chat_loop(client, model):
    history = []
    while (text := input("> ")) != "exit":
        print("AI:" + say(client, model, history, text))


# %% 03.3 A fixed question instead of what was typed | sends | Read a line with input()
def chat_loop(client, model):
    history = []
    for _line in range(3):
        input("> ")
        history.append({"role": "user", "content": "Hello!"})
        response = client.chat.completions.create(model=model, messages=history)
        text = response.choices[0].message.content
        history.append({"role": "assistant", "content": text})
        print("AI:", text)


# %% 03.4 One message at a time | whole | together with its reply
def trim(messages, limit):
    head, talk = messages[:1], messages[1:]
    while count_message_tokens(head + talk) > limit:
        talk = talk[1:]
    return head + talk


# %% 03.4 Only the texts are counted | fits | count_message_tokens
def trim(messages, limit):
    head, talk = messages[:1], messages[1:]
    while sum(count_tokens(each["content"]) for each in head + talk) > limit:
        talk = talk[2:]
    return head + talk


# %% 03.4 The instructions are dropped | instructions | put them in front
def trim(messages, limit):
    head, talk = messages[:1], messages[1:]
    while count_message_tokens(head + talk) > limit:
        talk = talk[2:]
    return talk


# %% 03.4 developer is forgotten | instructions | system or developer
def trim(messages, limit):
    head, talk = messages[:1], messages[1:]
    while count_message_tokens(head + talk) > limit:
        talk = talk[2:]
    return [each for each in head if each["role"] == "system"] + talk


# %% 03.4 The newest turns go | newest | Drop from the old end
def trim(messages, limit):
    head, talk = messages[:1], messages[1:]
    while count_message_tokens(head + talk) > limit:
        talk = talk[:-2]
    return head + talk


# %% 03.4 Exactly full counts as too much | newest | exactly full fits
def trim(messages, limit):
    head, talk = messages[:1], messages[1:]
    while count_message_tokens(head + talk) >= limit:
        talk = talk[2:]
    return head + talk


# %% 03.4 The list that was given is cut | untouched | copy
def trim(messages, limit):
    while count_message_tokens(messages) > limit:
        del messages[1:3]
    return copy.copy(messages)
