# Right answers that differ from the solution, one a block: "# %% task what differs".
# What stands before the first block begins every answer.

# %% 04.1 The SDK's helper puts the stream together
def collect(client, model, text):
    messages = [{"role": "user", "content": text}]
    options = {"include_usage": True}
    with client.chat.completions.stream(
        model=model, messages=messages, stream_options=options
    ) as stream:
        whole = stream.get_final_completion()
    return [whole.choices[0].message.content, whole.usage.completion_tokens]


# %% 04.2 The SDK's helper, event by event
def show_reply(client, model, text):
    print("AI:", end=" ")
    messages = [{"role": "user", "content": text}]
    with client.chat.completions.stream(model=model, messages=messages) as stream:
        for event in stream:
            if event.type == "content.delta":
                print(event.delta, end="", flush=True)
    print()
    return stream.get_final_completion().choices[0].message.content


# %% 04.3 An empty piece is yielded, too
def say(client, model, history, text):
    history.append({"role": "user", "content": text})
    pieces = []
    for chunk in client.chat.completions.create(model=model, messages=history, stream=True):
        if chunk.choices[0].delta.content is not None:
            pieces.append(chunk.choices[0].delta.content)
            yield pieces[-1]
    history.append({"role": "assistant", "content": "".join(pieces)})
