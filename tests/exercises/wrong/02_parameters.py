# Wrong answers, one a block: "# %% task mistake | criterion that fails | words of its hint".
# What stands before the first block begins every answer.

import openai

from course_utils import catalog


def said(response):
    return response.choices[0].message.content


def heights(shares, temperature):
    if temperature == 0:
        return {max(shares, key=shares.get): 1.0}
    powers = {word: share ** (1 / temperature) for word, share in shares.items()}
    return {word: power / sum(powers.values()) for word, power in powers.items()}


def tail(shares, top_p):
    kept = {}
    for word, share in sorted(shares.items(), key=lambda pair: -pair[1]):
        if sum(kept.values()) < top_p:
            kept[word] = share
    return {word: share / sum(kept.values()) for word, share in kept.items()}


# %% 02.1 The old name of the limit | limit | max_tokens is an old name
def limited(client, model, question, limit):
    messages = [{"role": "user", "content": question}]
    response = client.chat.completions.create(model=model, messages=messages, max_tokens=limit)
    return said(response), response.choices[0].finish_reason == "length"


# %% 02.1 A wish for few tokens | limit | A wish in words does not bind
def limited(client, model, question, limit):
    messages = [{"role": "user", "content": f"{question} ({limit} tokens at most)"}]
    response = client.chat.completions.create(model=model, messages=messages)
    return said(response), response.choices[0].finish_reason == "length"


# %% 02.1 The limit stays behind in a dict | limit | Send the limit as max_completion_tokens
def limited(client, model, question, limit):
    settings = {"max_completion_tokens": limit}
    messages = [{"role": "user", "content": question}]
    response = client.chat.completions.create(model=model, messages=messages)
    return said(response), response.choices[0].finish_reason == "length"


# %% 02.1 Exactly full counts as cut | cut | its length
def limited(client, model, question, limit):
    response = client.chat.completions.create(
        model=model,
        messages=[{"role": "user", "content": question}],
        max_completion_tokens=limit,
    )
    return said(response), response.usage.completion_tokens >= limit


# %% 02.1 No full stop counts as cut | cut | Neither the text
def limited(client, model, question, limit):
    response = client.chat.completions.create(
        model=model,
        messages=[{"role": "user", "content": question}],
        max_completion_tokens=limit,
    )
    return said(response), not said(response).endswith(".")


# %% 02.1 The reason itself is returned | cut | True or False
def limited(client, model, question, limit):
    response = client.chat.completions.create(
        model=model,
        messages=[{"role": "user", "content": question}],
        max_completion_tokens=limit,
    )
    return said(response), response.choices[0].finish_reason


# %% 02.1 A cut text is thrown away | text | just as it came
def limited(client, model, question, limit):
    response = client.chat.completions.create(
        model=model,
        messages=[{"role": "user", "content": question}],
        max_completion_tokens=limit,
    )
    cut = response.choices[0].finish_reason == "length"
    return "" if cut else said(response), cut


# %% 02.1 The message is returned, not its text | text | the text just as it came
def limited(client, model, question, limit):
    response = client.chat.completions.create(
        model=model,
        messages=[{"role": "user", "content": question}],
        max_completion_tokens=limit,
    )
    return response.choices[0].message, response.choices[0].finish_reason == "length"


# %% 02.2 The dict is left behind | settings | hand it over
def answers(client, model, messages, settings):
    response = client.chat.completions.create(model=model, messages=messages)
    return [choice.message.content for choice in response.choices]


# %% 02.2 Only the settings one knows are sent | settings | hand it over
def answers(client, model, messages, settings):
    response = client.chat.completions.create(
        model=model, messages=messages, n=settings["n"], temperature=settings["temperature"]
    )
    return [choice.message.content for choice in response.choices]


# %% 02.2 The first reply alone | all | one entry for each reply
def answers(client, model, messages, settings):
    response = client.chat.completions.create(model=model, messages=messages, **settings)
    return [response.choices[0].message.content]


# %% 02.2 One string of all replies | all | as a list
def answers(client, model, messages, settings):
    response = client.chat.completions.create(model=model, messages=messages, **settings)
    return "\n".join(choice.message.content for choice in response.choices)


# %% 02.2 The replies are printed | all | as a list
def answers(client, model, messages, settings):
    response = client.chat.completions.create(model=model, messages=messages, **settings)
    for choice in response.choices:
        print(choice.message.content)


# %% 02.2 A request for each reply | once | Call create() once
def answers(client, model, messages, settings):
    texts = []
    for number in range(settings["n"]):
        response = client.chat.completions.create(model=model, messages=messages, **settings)
        texts.append(response.choices[number].message.content)
    return texts


# %% 02.2 The model is written into the dict | untouched | Do not write into settings
def answers(client, model, messages, settings):
    settings["model"] = model
    settings["messages"] = messages
    response = client.chat.completions.create(**settings)
    return [choice.message.content for choice in response.choices]


# %% 02.2 n is taken out of the dict | untouched | into a copy
def answers(client, model, messages, settings):
    n = settings.pop("n")
    response = client.chat.completions.create(model=model, messages=messages, n=n, **settings)
    return [choice.message.content for choice in response.choices]


# %% 02.3 To the power of the temperature | temperature | 1/temperature
def reshaped(shares, temperature, top_p):
    return tail(heights(shares, 1 / temperature if temperature else 0), top_p)


# %% 02.3 Multiplied by the temperature | temperature | to the power
def reshaped(shares, temperature, top_p):
    if temperature:
        shares = {word: share * temperature for word, share in shares.items()}
        shares = {word: share / sum(shares.values()) for word, share in shares.items()}
    else:
        shares = heights(shares, 0)
    return tail(shares, top_p)


# %% 02.3 The sum is not made 1 after the temperature | temperature | divide by the sum
def reshaped(shares, temperature, top_p):
    if top_p == 1 and temperature:
        return {word: share ** (1 / temperature) for word, share in shares.items()}
    return tail(heights(shares, temperature), top_p)


# %% 02.3 Temperature 0 divides by zero | zero | a case of its own
def reshaped(shares, temperature, top_p):
    powers = {word: share ** (1 / temperature) for word, share in shares.items()}
    return tail({word: power / sum(powers.values()) for word, power in powers.items()}, top_p)


# %% 02.3 Temperature 0 changes nothing | zero | a case of its own
def reshaped(shares, temperature, top_p):
    return tail(heights(shares, temperature or 1), top_p)


# %% 02.3 The word that reaches top_p is dropped | tail | the one that reaches it stays
def reshaped(shares, temperature, top_p):
    shares, kept = heights(shares, temperature), {}
    for word, share in sorted(shares.items(), key=lambda pair: -pair[1]):
        if sum(kept.values()) + share <= top_p + 1e-9:
            kept[word] = share
        else:
            break
    return {word: share / sum(kept.values()) for word, share in kept.items()}


# %% 02.3 The sum is not made 1 after top_p | tail | adds up to 1
def reshaped(shares, temperature, top_p):
    shares, kept = heights(shares, temperature), {}
    for word, share in sorted(shares.items(), key=lambda pair: -pair[1]):
        if sum(kept.values()) < top_p:
            kept[word] = share
    return kept


# %% 02.3 The words are not sorted | tail | Begin with the likeliest word
def reshaped(shares, temperature, top_p):
    shares, kept = heights(shares, temperature), {}
    for word, share in shares.items():
        if sum(kept.values()) < top_p:
            kept[word] = share
    return {word: share / sum(kept.values()) for word, share in kept.items()}


# %% 02.3 Words under top_p are dropped | tail | until their sum reaches top_p
def reshaped(shares, temperature, top_p):
    shares = heights(shares, temperature)
    kept = {word: share for word, share in shares.items() if share >= 1 - top_p}
    return {word: share / sum(kept.values()) for word, share in kept.items()}


# %% 02.3 The tail is cut first | order | by the temperature first
def reshaped(shares, temperature, top_p):
    return heights(tail(shares, top_p), temperature)


# %% 02.4 The effort goes to every model | plain | no reasoning_effort
def ask_any(client, model, question, temperature):
    settings = {"temperature": temperature, "reasoning_effort": "none"}
    efforts = catalog.get(model).reasoning_efforts
    if efforts and "none" not in efforts:
        settings = {}
    messages = [{"role": "user", "content": question}]
    return said(client.chat.completions.create(model=model, messages=messages, **settings))


# %% 02.4 A fixed temperature | plain | the temperature that was given
def ask_any(client, model, question, temperature):
    settings = {}
    if catalog.get(model).takes("temperature"):
        settings = {"temperature": 1}
    elif "none" in catalog.get(model).reasoning_efforts:
        settings = {"temperature": temperature, "reasoning_effort": "none"}
    messages = [{"role": "user", "content": question}]
    return said(client.chat.completions.create(model=model, messages=messages, **settings))


# %% 02.4 A thinking model gets no temperature at all | quiet | as soon as its reasoning_effort
def ask_any(client, model, question, temperature):
    settings = {}
    if catalog.get(model).takes("temperature"):
        settings = {"temperature": temperature}
    messages = [{"role": "user", "content": question}]
    return said(client.chat.completions.create(model=model, messages=messages, **settings))


# %% 02.4 The thinking stops, but no temperature is sent | quiet | takes a temperature
def ask_any(client, model, question, temperature):
    settings = {}
    if catalog.get(model).takes("temperature"):
        settings = {"temperature": temperature}
    elif "none" in catalog.get(model).reasoning_efforts:
        settings = {"reasoning_effort": "none"}
    messages = [{"role": "user", "content": question}]
    return said(client.chat.completions.create(model=model, messages=messages, **settings))


# %% 02.4 Every thinking model is told not to think | thinking | Look at the reasoning_efforts
def ask_any(client, model, question, temperature):
    settings = {"temperature": temperature}
    if not catalog.get(model).takes("temperature"):
        settings["reasoning_effort"] = "none"
    messages = [{"role": "user", "content": question}]
    return said(client.chat.completions.create(model=model, messages=messages, **settings))


# %% 02.4 Tried out until it works | once | Ask the catalogue
def ask_any(client, model, question, temperature):
    messages = [{"role": "user", "content": question}]
    warm = {"temperature": temperature}
    for settings in (warm, {**warm, "reasoning_effort": "none"}, {}):
        try:
            return said(client.chat.completions.create(model=model, messages=messages, **settings))
        except openai.BadRequestError:
            pass


# %% 02.4 The reply is printed | returns | Return the text itself
def ask_any(client, model, question, temperature):
    settings = {}
    if catalog.get(model).takes("temperature"):
        settings = {"temperature": temperature}
    elif "none" in catalog.get(model).reasoning_efforts:
        settings = {"temperature": temperature, "reasoning_effort": "none"}
    messages = [{"role": "user", "content": question}]
    print(said(client.chat.completions.create(model=model, messages=messages, **settings)))
