# Right answers that differ from the solution, one a block: "# %% task what differs".
# What stands before the first block begins every answer.

from math import exp, log

from course_utils import catalog


# %% 02.1 A list, and whatever is not a stop
def limited(client, model, question, limit):
    messages = [{"role": "user", "content": question}]
    response = client.chat.completions.create(
        model=model, messages=messages, max_completion_tokens=limit
    )
    choice = response.choices[0]
    return [choice.message.content, choice.finish_reason != "stop"]


# %% 02.1 The reply is streamed
def limited(client, model, question, limit):
    messages = [{"role": "user", "content": question}]
    text, reason = "", None
    for chunk in client.chat.completions.create(
        model=model, messages=messages, max_completion_tokens=limit, stream=True
    ):
        text += chunk.choices[0].delta.content or ""
        reason = chunk.choices[0].finish_reason or reason
    return text, reason == "length"


# %% 02.1 The reply is streamed, and its usage comes behind it
def limited(client, model, question, limit):
    messages = [{"role": "user", "content": question}]
    settings = {"max_completion_tokens": limit, "stream_options": {"include_usage": True}}
    stream = client.chat.completions.create(model=model, messages=messages, stream=True, **settings)
    choices = [choice for chunk in stream for choice in chunk.choices]
    text = "".join(choice.delta.content or "" for choice in choices)
    return text, choices[-1].finish_reason == "length"


# %% 02.2 All replies are streamed at once
def answers(client, model, messages, settings):
    texts = [""] * settings["n"]
    for chunk in client.chat.completions.create(
        model=model, messages=messages, stream=True, **settings
    ):
        for choice in chunk.choices:
            texts[choice.index] += choice.delta.content or ""
    return texts


# %% 02.2 The settings in extra_body
def answers(client, model, messages, settings):
    response = client.chat.completions.create(model=model, messages=messages, extra_body=settings)
    return [choice.message.content for choice in response.choices]


# %% 02.3 Logarithms, and the sum is compared before a word is kept
def reshaped(shares, temperature, top_p):
    if temperature == 0:
        return {max(shares, key=shares.get): 1}
    heights = {word: exp(log(share) / temperature) for word, share in shares.items()}
    total = sum(heights.values())
    kept = {}
    for word in sorted(heights, key=heights.get, reverse=True):
        if sum(kept.values()) >= top_p:
            break
        kept[word] = heights[word] / total
    return {word: share / sum(kept.values()) for word, share in kept.items()}


# %% 02.3 Rounded to three digits, as in the example
def reshaped(shares, temperature, top_p):
    if temperature == 0:
        return {max(shares, key=shares.get): 1.0}
    powers = {word: share ** (1 / temperature) for word, share in shares.items()}
    total, kept = sum(powers.values()), {}
    for word in sorted(powers, key=lambda word: -powers[word]):
        kept[word] = powers[word] / total
        if sum(kept.values()) >= top_p:
            break
    return {word: round(share / sum(kept.values()), 3) for word, share in kept.items()}


# %% 02.4 Whether it can stop thinking is asked first
def ask_any(client, model, question, temperature):
    facts, settings = catalog.get(model), {}
    if "none" in facts.reasoning_efforts:
        settings = {"temperature": temperature, "reasoning_effort": "none"}
    elif facts.takes("temperature"):
        settings = {"temperature": temperature}
    messages = [{"role": "user", "content": question}]
    response = client.chat.completions.create(model=model, messages=messages, **settings)
    return response.choices[0].message.content
