# Wrong answers, one a block: "# %% task mistake | criterion that fails | words of its hint".
# What stands before the first block begins every answer.

import re
from html import escape

import ipywidgets as widgets
import openai


def lines_of(history):
    return [f"{message['role']}: {message['content']}" for message in history]


def page(history):
    return "<br>".join(map(escape, lines_of(history)))


def create(client, model, messages, **options):
    return client.chat.completions.create(model=model, messages=messages, **options)


def said(response):
    return response.choices[0].message.content


def turn(role, text):
    return {"role": role, "content": text}


def send(client, model, history, screen, box):
    messages = [*history, turn("user", box.value)]
    try:
        answer = said(create(client, model, messages))
    except openai.OpenAIError as error:
        screen.value = type(error).__name__
        return
    history[:] = [*messages, turn("assistant", answer)]
    box.value, screen.value = "", page(history)


# %% 05.1 Texts go into the page as they are | tags | Escape every text
def page(history):
    return "<br>".join(lines_of(history))


# %% 05.1 Only what the user wrote is escaped | tags | the user's and the model's
def page(history):
    lines = []
    for message in history:
        text = message["content"]
        lines.append(f"{message['role']}: {escape(text) if message['role'] == 'user' else text}")
    return "<br>".join(lines)


# %% 05.1 Only what the model wrote is escaped | tags | the user's and the model's
def page(history):
    lines = []
    for message in history:
        text = message["content"]
        lines.append(f"{message['role']}: {text if message['role'] == 'user' else escape(text)}")
    return "<br>".join(lines)


# %% 05.1 Only script is taken out | tags | Escape every text
def page(history):
    return "<br>".join(re.sub("</?(script|img|a)[^<>]*>", "", line) for line in lines_of(history))


# %% 05.1 Only < and > are replaced | tags | <, > and &
def page(history):
    html = [line.replace("<", "&lt;").replace(">", "&gt;") for line in lines_of(history)]
    return "<br>".join(html)


# %% 05.1 What looks like a tag is cut out | kept | show a text whole
def page(history):
    return "<br>".join(escape(re.sub("<[^>]*>", "", line)) for line in lines_of(history))


# %% 05.1 < and > are cut out | kept | cut nothing out
def page(history):
    return "<br>".join(escape(re.sub("[<>]", "", line)) for line in lines_of(history))


# %% 05.1 The <br> is escaped, too | lines | a <br> tag between the lines
def page(history):
    return escape("<br>".join(lines_of(history)))


# %% 05.1 Line breaks that HTML does not show | lines | a <br> tag
def page(history):
    return escape("\n".join(lines_of(history)))


# %% 05.2 The text alone is sent | sends | send the whole history
def answer_until(client, model, history, text, most):
    history.append(turn("user", text))
    answer, whole = "", True
    for chunk in create(client, model, history[-1:], stream=True):
        answer += chunk.choices[0].delta.content or ""
        if len(answer) >= most:
            whole = False
            break
    history.append(turn("assistant", answer))
    return answer, whole


# %% 05.2 The text is appended too late | sends | Append the user's message
def answer_until(client, model, history, text, most):
    answer, whole = "", True
    for chunk in create(client, model, history, stream=True):
        answer += chunk.choices[0].delta.content or ""
        if len(answer) >= most:
            whole = False
            break
    history += [turn("user", text), turn("assistant", answer)]
    return answer, whole


# %% 05.2 All is read, and cut afterwards | stops | do not wait for the rest
def answer_until(client, model, history, text, most):
    history.append(turn("user", text))
    answer = ""
    for chunk in create(client, model, history, stream=True):
        answer += chunk.choices[0].delta.content or ""
    history.append(turn("assistant", answer[:most]))
    return answer[:most], len(answer) <= most


# %% 05.2 It goes on without adding | stops | Leave the loop
def answer_until(client, model, history, text, most):
    history.append(turn("user", text))
    answer, whole = "", True
    for chunk in create(client, model, history, stream=True):
        if len(answer) >= most:
            whole = False
            continue
        answer += chunk.choices[0].delta.content or ""
    history.append(turn("assistant", answer))
    return answer, whole


# %% 05.2 One chunk too late | stops | look after each chunk
def answer_until(client, model, history, text, most):
    history.append(turn("user", text))
    answer, whole = "", True
    for chunk in create(client, model, history, stream=True):
        enough = len(answer) >= most
        answer += chunk.choices[0].delta.content or ""
        if enough:
            whole = False
            break
    history.append(turn("assistant", answer))
    return answer, whole


# %% 05.2 What is too much is cut off | stops | Keep the last chunk whole
def answer_until(client, model, history, text, most):
    history.append(turn("user", text))
    answer, whole = "", True
    for chunk in create(client, model, history, stream=True):
        answer += chunk.choices[0].delta.content or ""
        if len(answer) >= most:
            whole = False
            break
    history.append(turn("assistant", answer[:most]))
    return answer[:most], whole


# %% 05.2 Exactly enough is not enough | stops | at least
def answer_until(client, model, history, text, most):
    history.append(turn("user", text))
    answer, whole = "", True
    for chunk in create(client, model, history, stream=True):
        answer += chunk.choices[0].delta.content or ""
        if len(answer) > most:
            whole = False
            break
    history.append(turn("assistant", answer))
    return answer, whole


# %% 05.2 What came is forgotten when it stops | keeps | append what came
def answer_until(client, model, history, text, most):
    history.append(turn("user", text))
    answer = ""
    for chunk in create(client, model, history, stream=True):
        answer += chunk.choices[0].delta.content or ""
        if len(answer) >= most:
            return answer, False
    history.append(turn("assistant", answer))
    return answer, True


# %% 05.2 The turn is taken out when it stops | keeps | in either case
def answer_until(client, model, history, text, most):
    history.append(turn("user", text))
    answer = ""
    for chunk in create(client, model, history, stream=True):
        answer += chunk.choices[0].delta.content or ""
        if len(answer) >= most:
            history.pop()
            return answer, False
    history.append(turn("assistant", answer))
    return answer, True


# %% 05.2 Every chunk becomes a message | keeps | After the loop
def answer_until(client, model, history, text, most):
    history.append(turn("user", text))
    answer, whole = "", True
    for chunk in create(client, model, list(history), stream=True):
        piece = chunk.choices[0].delta.content or ""
        history.append(turn("assistant", piece))
        answer += piece
        if len(answer) >= most:
            whole = False
            break
    return answer, whole


# %% 05.2 Only the text is returned | says | Return two values
def answer_until(client, model, history, text, most):
    history.append(turn("user", text))
    answer = ""
    for chunk in create(client, model, history, stream=True):
        answer += chunk.choices[0].delta.content or ""
        if len(answer) >= most:
            break
    history.append(turn("assistant", answer))
    return answer


# %% 05.2 True and False are swapped | says | only if you stopped
def answer_until(client, model, history, text, most):
    history.append(turn("user", text))
    answer, stopped = "", False
    for chunk in create(client, model, history, stream=True):
        answer += chunk.choices[0].delta.content or ""
        if len(answer) >= most:
            stopped = True
            break
    history.append(turn("assistant", answer))
    return answer, stopped


# %% 05.3 The user's turn is not kept | works | append the user's turn and the reply
def send(client, model, history, screen, box):
    messages = [*history, turn("user", box.value)]
    try:
        history.append(turn("assistant", said(create(client, model, messages))))
    except openai.OpenAIError as error:
        screen.value = type(error).__name__
        return
    box.value, screen.value = "", page(history)


# %% 05.3 A new list takes the place of the one given | works | the history that was given
def send(client, model, history, screen, box):
    history = [*history, turn("user", box.value)]
    try:
        history = [*history, turn("assistant", said(create(client, model, history)))]
    except openai.OpenAIError as error:
        screen.value = type(error).__name__
        return
    box.value, screen.value = "", page(history)


# %% 05.3 The text stays in the box | works | empty the box
def send(client, model, history, screen, box):
    messages = [*history, turn("user", box.value)]
    try:
        answer = said(create(client, model, messages))
    except openai.OpenAIError as error:
        screen.value = type(error).__name__
        return
    history[:] = [*messages, turn("assistant", answer)]
    screen.value = page(history)


# %% 05.3 The text comes back in any case | works | empty the box
def send(client, model, history, screen, box):
    text, box.value = box.value, ""
    messages = [*history, turn("user", text)]
    try:
        answer = said(create(client, model, messages))
        history[:] = [*messages, turn("assistant", answer)]
        screen.value = page(history)
    except openai.OpenAIError as error:
        screen.value = type(error).__name__
    finally:
        box.value = text


# %% 05.3 The error is shown and raised again | caught | Catch openai.OpenAIError
def send(client, model, history, screen, box):
    messages = [*history, turn("user", box.value)]
    try:
        answer = said(create(client, model, messages))
    except openai.OpenAIError as error:
        screen.value = type(error).__name__
        raise
    history[:] = [*messages, turn("assistant", answer)]
    box.value, screen.value = "", page(history)


# %% 05.3 Only a lost connection is caught | caught | the base of them all
def send(client, model, history, screen, box):
    messages = [*history, turn("user", box.value)]
    try:
        answer = said(create(client, model, messages))
    except openai.APIConnectionError as error:
        screen.value = type(error).__name__
        return
    history[:] = [*messages, turn("assistant", answer)]
    box.value, screen.value = "", page(history)


# %% 05.3 The box is emptied before the call | text | only when the reply has come
def send(client, model, history, screen, box):
    text, box.value = box.value, ""
    messages = [*history, turn("user", text)]
    try:
        answer = said(create(client, model, messages))
    except openai.OpenAIError as error:
        screen.value = type(error).__name__
        return
    history[:] = [*messages, turn("assistant", answer)]
    screen.value = page(history)


# %% 05.3 The error goes into the box | text | put the text back
def send(client, model, history, screen, box):
    messages = [*history, turn("user", box.value)]
    try:
        answer = said(create(client, model, messages))
    except openai.OpenAIError as error:
        screen.value = box.value = type(error).__name__
        return
    history[:] = [*messages, turn("assistant", answer)]
    box.value, screen.value = "", page(history)


# %% 05.3 A turn without a reply stays in the history | history | take it out again
def send(client, model, history, screen, box):
    history.append(turn("user", box.value))
    try:
        answer = said(create(client, model, history))
    except openai.OpenAIError as error:
        screen.value = type(error).__name__
        return
    history.append(turn("assistant", answer))
    box.value, screen.value = "", page(history)


# %% 05.3 The error becomes the model's words | history | only when the reply has come
def send(client, model, history, screen, box):
    text = box.value
    messages = [*history, turn("user", text)]
    try:
        answer, box.value = said(create(client, model, messages)), ""
    except openai.OpenAIError as error:
        answer = type(error).__name__
    history[:] = [*messages, turn("assistant", answer)]
    screen.value = page(history)


# %% 05.3 The error is printed | shows | put the error's name on the screen
def send(client, model, history, screen, box):
    messages = [*history, turn("user", box.value)]
    try:
        answer = said(create(client, model, messages))
    except openai.OpenAIError as error:
        print(type(error).__name__)
        return
    history[:] = [*messages, turn("assistant", answer)]
    box.value, screen.value = "", page(history)


# %% 05.3 The error is swallowed | shows | put the error's name on the screen
def send(client, model, history, screen, box):
    messages = [*history, turn("user", box.value)]
    try:
        answer = said(create(client, model, messages))
    except openai.OpenAIError:
        return
    history[:] = [*messages, turn("assistant", answer)]
    box.value, screen.value = "", page(history)


# %% 05.3 The screen is drawn before the reply is there | shows | At the end of a turn
def send(client, model, history, screen, box):
    messages = [*history, turn("user", box.value)]
    screen.value = page(messages)
    try:
        answer = said(create(client, model, messages))
    except openai.OpenAIError as error:
        screen.value = type(error).__name__
        return
    history[:] = [*messages, turn("assistant", answer)]
    box.value = ""


# %% 05.3 The screen shows the last reply alone | shows | the whole history
def send(client, model, history, screen, box):
    messages = [*history, turn("user", box.value)]
    try:
        answer = said(create(client, model, messages))
    except openai.OpenAIError as error:
        screen.value = type(error).__name__
        return
    history[:] = [*messages, turn("assistant", answer)]
    box.value, screen.value = "", page(history[-1:])


# %% 05.3 The screen shows this turn alone | shows | the whole history
def send(client, model, history, screen, box):
    messages = [*history, turn("user", box.value)]
    try:
        answer = said(create(client, model, messages))
    except openai.OpenAIError as error:
        screen.value = type(error).__name__
        return
    history[:] = [*messages, turn("assistant", answer)]
    box.value, screen.value = "", page(history[-2:])


# %% 05.4 The box is read when the cell is made | click | when the button is clicked
def chat_cell(client, model):
    screen, box, history = widgets.HTML(), widgets.Textarea(), []
    button, text = widgets.Button(), box.value

    def on_send(_button):
        box.value = text
        send(client, model, history, screen, box)

    button.on_click(on_send)
    return widgets.VBox([screen, box, button])


# %% 05.4 The box is not emptied | click | the handler reads box.value
def chat_cell(client, model):
    screen, box, history = widgets.HTML(), widgets.Textarea(), []
    button = widgets.Button()

    def on_send(_button):
        text = box.value
        send(client, model, history, screen, box)
        box.value = text

    button.on_click(on_send)
    return widgets.VBox([screen, box, button])


# %% 05.4 A new history with every click | remembers | not in the handler
def chat_cell(client, model):
    screen, box, button = widgets.HTML(), widgets.Textarea(), widgets.Button()

    def on_send(_button):
        history = []
        send(client, model, history, screen, box)

    button.on_click(on_send)
    return widgets.VBox([screen, box, button])


# %% 05.4 The reply is not appended | remembers | append both turns
def chat_cell(client, model):
    screen, box, history = widgets.HTML(), widgets.Textarea(), []
    button = widgets.Button()

    def on_send(_button):
        history.append(turn("user", box.value))
        answer = said(create(client, model, history))
        box.value, screen.value = "", page([*history, turn("assistant", answer)])

    button.on_click(on_send)
    return widgets.VBox([screen, box, button])


# %% 05.4 The screen is never drawn | shows | Set screen.value
def chat_cell(client, model):
    box, button, history = widgets.Textarea(), widgets.Button(), []

    def on_send(_button):
        send(client, model, history, widgets.HTML(), box)

    button.on_click(on_send)
    return widgets.VBox([widgets.HTML(), box, button])


# %% 05.4 The reply is drawn as it is | shows | every text escaped
def chat_cell(client, model):
    screen, box, history = widgets.HTML(), widgets.Textarea(), []
    button = widgets.Button()

    def on_send(_button):
        send(client, model, history, screen, box)
        screen.value = "<br>".join(lines_of(history))

    button.on_click(on_send)
    return widgets.VBox([screen, box, button])


# %% 05.4 The reply is only printed | shows | Set screen.value
def chat_cell(client, model):
    screen, box, history = widgets.HTML(), widgets.Textarea(), []
    button = widgets.Button()

    def on_send(_button):
        send(client, model, history, screen, box)
        print(history[-1]["content"])
        screen.value = ""

    button.on_click(on_send)
    return widgets.VBox([screen, box, button])


# %% 05.4 One history for all cells | own | inside chat_cell
conversation = []


def chat_cell(client, model):
    screen, box, button = widgets.HTML(), widgets.Textarea(), widgets.Button()

    def on_send(_button):
        send(client, model, conversation, screen, box)

    button.on_click(on_send)
    return widgets.VBox([screen, box, button])


# %% 05.4 A list as the default | own | a new history
def chat_cell(client, model, history=[]):
    screen, box, button = widgets.HTML(), widgets.Textarea(), widgets.Button()
    button.on_click(lambda _button: send(client, model, history, screen, box))
    return widgets.VBox([screen, box, button])


# %% 05.4 One button for all cells | once | inside chat_cell
the_button = widgets.Button()


def chat_cell(client, model):
    screen, box, history = widgets.HTML(), widgets.Textarea(), []
    the_button.on_click(lambda _button: send(client, model, history, screen, box))
    return widgets.VBox([screen, box, the_button])
