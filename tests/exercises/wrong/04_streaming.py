# Wrong answers, one a block: "# %% task mistake | criterion that fails | words of its hint".
# What stands before the first block begins every answer.

import openai


def asked(client, model, messages, **options):
    return client.chat.completions.create(model=model, messages=messages, **options)


def one(text):
    return [{"role": "user", "content": text}]


USAGE = {"stream": True, "stream_options": {"include_usage": True}}


# %% 04.1 Not a stream at all | streams | stream=True
def collect(client, model, text):
    response = asked(client, model, one(text))
    return response.choices[0].message.content, response.usage.completion_tokens


# %% 04.1 None is put into the text | text | content is None
def collect(client, model, text):
    answer = ""
    for chunk in asked(client, model, one(text), **USAGE):
        if chunk.choices:
            answer += str(chunk.choices[0].delta.content)
        else:
            usage = chunk.usage
    return answer, usage.completion_tokens


# %% 04.1 Only the last piece is left | text | Join the text of all chunks
def collect(client, model, text):
    answer = ""
    for chunk in asked(client, model, one(text), **USAGE):
        if chunk.choices:
            answer = chunk.choices[0].delta.content or answer
        else:
            usage = chunk.usage
    return answer, usage.completion_tokens


# %% 04.1 The usage is not asked for | usage | include_usage
def collect(client, model, text):
    answer, usage = "", None
    for chunk in asked(client, model, one(text), stream=True):
        answer += chunk.choices[0].delta.content or ""
        usage = chunk.usage
    return answer, usage


# %% 04.1 Chunks are counted as tokens | usage | usage is then in the last chunk
def collect(client, model, text):
    answer, chunks = "", 0
    for chunk in asked(client, model, one(text), **USAGE):
        if chunk.choices:
            answer += chunk.choices[0].delta.content or ""
            chunks += 1
    return answer, chunks


# %% 04.1 The prompt's tokens | usage | usage is then in the last chunk
def collect(client, model, text):
    answer = ""
    for chunk in asked(client, model, one(text), **USAGE):
        if chunk.choices:
            answer += chunk.choices[0].delta.content or ""
        else:
            usage = chunk.usage
    return answer, usage.prompt_tokens


# %% 04.1 The tokens of the prompt and the reply together | usage | completion_tokens
def collect(client, model, text):
    answer = ""
    for chunk in asked(client, model, one(text), **USAGE):
        if chunk.choices:
            answer += chunk.choices[0].delta.content or ""
    return answer, chunk.usage.total_tokens


# %% 04.2 Collected first, then printed | live | inside the loop
def show_reply(client, model, text):
    answer = ""
    for chunk in asked(client, model, one(text), stream=True):
        answer += chunk.choices[0].delta.content or ""
    print("AI:", answer)
    return answer


# %% 04.2 Without flush | live | flush=True
def show_reply(client, model, text):
    print("AI: ", end="")
    answer = ""
    for chunk in asked(client, model, one(text), stream=True):
        piece = chunk.choices[0].delta.content or ""
        print(piece, end="")
        answer += piece
    print()
    return answer


# %% 04.2 No stream | live | inside the loop
def show_reply(client, model, text):
    answer = asked(client, model, one(text)).choices[0].message.content
    print("AI:", answer, flush=True)
    return answer


# %% 04.2 The name comes after the text | named | before the loop
def show_reply(client, model, text):
    answer = ""
    for chunk in asked(client, model, one(text), stream=True):
        piece = chunk.choices[0].delta.content or ""
        print(piece, end="", flush=True)
        answer += piece
    print(" :AI")
    return answer


# %% 04.2 The reply is printed again, whole | once | do not print the whole text again
def show_reply(client, model, text):
    print("AI: ", end="", flush=True)
    answer = ""
    for chunk in asked(client, model, one(text), stream=True):
        piece = chunk.choices[0].delta.content or ""
        print(piece, end="", flush=True)
        answer += piece
    print()
    print(answer)
    return answer


# %% 04.2 Every piece on a line of its own | once | end=''
def show_reply(client, model, text):
    print("AI: ", end="", flush=True)
    answer = ""
    for chunk in asked(client, model, one(text), stream=True):
        piece = chunk.choices[0].delta.content or ""
        print(piece)
        answer += piece
    return answer


# %% 04.2 Nothing is returned | returns | return the whole text
def show_reply(client, model, text):
    print("AI: ", end="", flush=True)
    for chunk in asked(client, model, one(text), stream=True):
        print(chunk.choices[0].delta.content or "", end="", flush=True)
    print()


# %% 04.3 The whole text is yielded at the end | live | inside the loop
def say(client, model, history, text):
    history.append({"role": "user", "content": text})
    answer = ""
    for chunk in asked(client, model, history, stream=True):
        answer += chunk.choices[0].delta.content or ""
    history.append({"role": "assistant", "content": answer})
    yield answer


# %% 04.3 A list instead of a generator | live | yield inside the loop
def say(client, model, history, text):
    history.append({"role": "user", "content": text})
    pieces = []
    for chunk in asked(client, model, history, stream=True):
        pieces.append(chunk.choices[0].delta.content or "")
    history.append({"role": "assistant", "content": "".join(pieces)})
    return pieces


# %% 04.3 None is yielded, too | pieces | skip chunks without text
def say(client, model, history, text):
    history.append({"role": "user", "content": text})
    answer = ""
    for chunk in asked(client, model, history, stream=True):
        answer += chunk.choices[0].delta.content or ""
        yield chunk.choices[0].delta.content
    history.append({"role": "assistant", "content": answer})


# %% 04.3 All that came so far is yielded each time | pieces | the text of each chunk
def say(client, model, history, text):
    history.append({"role": "user", "content": text})
    answer = ""
    for chunk in asked(client, model, history, stream=True):
        answer += chunk.choices[0].delta.content or ""
        yield answer
    history.append({"role": "assistant", "content": answer})


# %% 04.3 The reply is not kept | keeps | one assistant message
def say(client, model, history, text):
    history.append({"role": "user", "content": text})
    for chunk in asked(client, model, history, stream=True):
        if piece := chunk.choices[0].delta.content:
            yield piece


# %% 04.3 Every piece is a message | keeps | with the whole text
def say(client, model, history, text):
    history.append({"role": "user", "content": text})
    for chunk in asked(client, model, list(history), stream=True):
        if piece := chunk.choices[0].delta.content:
            history.append({"role": "assistant", "content": piece})
            yield piece


# %% 04.3 Only the last piece is kept | keeps | after the loop
def say(client, model, history, text):
    history.append({"role": "user", "content": text})
    for chunk in asked(client, model, history, stream=True):
        if piece := chunk.choices[0].delta.content:
            yield piece
    history.append({"role": "assistant", "content": piece or ""})


# %% 04.4 The error passes on | broken | Catch the error around the loop
def careful(client, model, text):
    answer, reason = "", None
    for chunk in asked(client, model, one(text), stream=True):
        answer += chunk.choices[0].delta.content or ""
        reason = chunk.choices[0].finish_reason
    return answer, reason is not None


# %% 04.4 What came is thrown away | broken | keep what came before it
def careful(client, model, text):
    stream = asked(client, model, one(text), stream=True)
    try:
        return "".join(chunk.choices[0].delta.content or "" for chunk in stream), True
    except Exception:
        return "", False


# %% 04.4 A broken stream counts as whole | broken | say False
def careful(client, model, text):
    stream, answer = asked(client, model, one(text), stream=True), ""
    try:
        for chunk in stream:
            answer += chunk.choices[0].delta.content or ""
    except Exception:
        pass
    return answer, True


# %% 04.4 Only a lost connection is caught, not an error in the stream | broken | around the loop
def careful(client, model, text):
    stream, answer, reason = asked(client, model, one(text), stream=True), "", None
    try:
        for chunk in stream:
            answer += chunk.choices[0].delta.content or ""
            reason = chunk.choices[0].finish_reason
    except (openai.APIConnectionError, OSError):
        pass
    return answer, reason is not None


# %% 04.4 create() stands inside the try | unsent | Keep create() out of the try
def careful(client, model, text):
    answer, reason = "", None
    try:
        for chunk in asked(client, model, one(text), stream=True):
            answer += chunk.choices[0].delta.content or ""
            reason = chunk.choices[0].finish_reason
    except Exception:
        pass
    return answer, reason is not None


# %% 04.4 The reason instead of True | whole | finish_reason
def careful(client, model, text):
    stream, answer, reason = asked(client, model, one(text), stream=True), "", False
    try:
        for chunk in stream:
            answer += chunk.choices[0].delta.content or ""
            reason = chunk.choices[0].finish_reason or False
    except Exception:
        pass
    return answer, reason
