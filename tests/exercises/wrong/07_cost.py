# Wrong answers, one a block: "# %% task mistake | criterion that fails | words of its hint".
# What stands before the first block begins every answer.

from decimal import Decimal

from course_utils import count_message_tokens, count_tokens

MILLION = 1_000_000


def bill(usage, rates):
    cached = usage["prompt_tokens_details"]["cached_tokens"]
    fresh = usage["prompt_tokens"] - cached
    amount = fresh * rates["input"] + cached * rates["cached_input"]
    return (amount + usage["completion_tokens"] * rates["output"]) / MILLION


def ask(client, model, messages, **settings):
    return client.chat.completions.create(model=model, messages=messages, **settings)


def worst(messages, model, limit, rates):
    sent = count_message_tokens(messages, model=model)
    return (sent * rates["input"] + limit * rates["output"]) / MILLION


# %% 07.1 The price of a thousand tokens | amount | divide by a million
def bill(usage, rates):
    details = usage["prompt_tokens_details"]
    fresh = usage["prompt_tokens"] - details["cached_tokens"]
    amount = fresh * rates["input"] + details["cached_tokens"] * rates["cached_input"]
    return (amount + usage["completion_tokens"] * rates["output"]) / 1000


# %% 07.1 The prices are swapped | amount | the output tokens by the output price
def bill(usage, rates):
    share = rates["cached_input"] / rates["input"]
    details = usage["prompt_tokens_details"]
    fresh = usage["prompt_tokens"] - details["cached_tokens"]
    amount = (fresh + details["cached_tokens"] * share) * rates["output"]
    return (amount + usage["completion_tokens"] * rates["input"]) / MILLION


# %% 07.1 Output at the input's price | amount | the output tokens by the output price
def bill(usage, rates):
    cached = usage["prompt_tokens_details"]["cached_tokens"]
    fresh = usage["prompt_tokens"] - cached
    tokens = fresh + usage["completion_tokens"]
    return (tokens * rates["input"] + cached * rates["cached_input"]) / MILLION


# %% 07.1 Money in floats | exact | no float()
def bill(usage, rates):
    cached = usage["prompt_tokens_details"]["cached_tokens"]
    amount = (usage["prompt_tokens"] - cached) * float(rates["input"])
    amount += cached * float(rates["cached_input"])
    return (amount + usage["completion_tokens"] * float(rates["output"])) / MILLION


# %% 07.1 Rounded to cents | exact | no round()
def bill(usage, rates):
    cached = usage["prompt_tokens_details"]["cached_tokens"]
    amount = (usage["prompt_tokens"] - cached) * rates["input"] + cached * rates["cached_input"]
    return round((amount + usage["completion_tokens"] * rates["output"]) / MILLION, 2)


# %% 07.1 A float that was made a Decimal | exact | Stay with Decimal
def bill(usage, rates):
    cached = usage["prompt_tokens_details"]["cached_tokens"]
    amount = (usage["prompt_tokens"] - cached) * float(rates["input"]) / MILLION
    amount += cached * float(rates["cached_input"]) / MILLION
    return Decimal(amount + usage["completion_tokens"] * float(rates["output"]) / MILLION)


# %% 07.1 The cache saves nothing | cached | at the cached price
def bill(usage, rates):
    amount = usage["prompt_tokens"] * rates["input"]
    return (amount + usage["completion_tokens"] * rates["output"]) / MILLION


# %% 07.1 Cached tokens come on top | cached | take them out
def bill(usage, rates):
    amount = usage["prompt_tokens"] * rates["input"]
    amount += usage["prompt_tokens_details"]["cached_tokens"] * rates["cached_input"]
    return (amount + usage["completion_tokens"] * rates["output"]) / MILLION


# %% 07.1 Cached tokens are free | cached | add them at the cached price
def bill(usage, rates):
    fresh = usage["prompt_tokens"] - usage["prompt_tokens_details"]["cached_tokens"]
    return (fresh * rates["input"] + usage["completion_tokens"] * rates["output"]) / MILLION


# %% 07.1 One cached token makes the whole prompt cheap | cached | take them out
def bill(usage, rates):
    cached = usage["prompt_tokens_details"]["cached_tokens"]
    amount = usage["prompt_tokens"] * rates["cached_input" if cached else "input"]
    return (amount + usage["completion_tokens"] * rates["output"]) / MILLION


# %% 07.1 A float times a Decimal | cached | A float and a Decimal cannot be multiplied
def bill(usage, rates):
    cached = usage["prompt_tokens_details"]["cached_tokens"]
    sent, written = usage["prompt_tokens"], usage["completion_tokens"]
    amount = (sent * rates["input"] + written * rates["output"]) / MILLION
    if cached:
        amount -= cached / MILLION * (rates["input"] - rates["cached_input"])
    return amount


# %% 07.1 Reasoning tokens are added again | thinking | do not add them again
def bill(usage, rates):
    cached = usage["prompt_tokens_details"]["cached_tokens"]
    amount = (usage["prompt_tokens"] - cached) * rates["input"] + cached * rates["cached_input"]
    written = usage["completion_tokens"] + usage["completion_tokens_details"]["reasoning_tokens"]
    return (amount + written * rates["output"]) / MILLION


# %% 07.1 Reasoning tokens are taken for free | thinking | holds the reasoning tokens
def bill(usage, rates):
    cached = usage["prompt_tokens_details"]["cached_tokens"]
    amount = (usage["prompt_tokens"] - cached) * rates["input"] + cached * rates["cached_input"]
    written = usage["completion_tokens"] - usage["completion_tokens_details"]["reasoning_tokens"]
    return (amount + written * rates["output"]) / MILLION


# %% 07.2 Only the output is multiplied | month | in parentheses
def month_bills(usages, rates, calls):
    months = []
    for name, usage in usages.items():
        sent = usage["prompt_tokens"] * rates[name]["input"]
        received = usage["completion_tokens"] * rates[name]["output"]
        months.append((name, (sent + received * calls) / MILLION))
    return sorted(months, key=lambda pair: pair[1])


# %% 07.2 The calls are forgotten | month | multiply the sum by the calls
def month_bills(usages, rates, calls):
    months = [(name, bill(usage, rates[name])) for name, usage in usages.items()]
    return sorted(months, key=lambda pair: pair[1])


# %% 07.2 The first model's prices for all | month | Add input and output first
def month_bills(usages, rates, calls):
    first = next(iter(rates.values()))
    months = [(name, bill(usage, first) * calls) for name, usage in usages.items()]
    return sorted(months, key=lambda pair: pair[1])


# %% 07.2 Only the cheapest is returned | all | a pair for each model
def month_bills(usages, rates, calls):
    months = [(name, bill(usage, rates[name]) * calls) for name, usage in usages.items()]
    return [min(months, key=lambda pair: pair[1])]


# %% 07.2 The dearest is left out | all | a pair for each model
def month_bills(usages, rates, calls):
    months = [(name, bill(usage, rates[name]) * calls) for name, usage in usages.items()]
    return sorted(months, key=lambda pair: pair[1])[:-1]


# %% 07.2 The amount stands before the name | all | first its name, then its amount
def month_bills(usages, rates, calls):
    return sorted((bill(usage, rates[name]) * calls, name) for name, usage in usages.items())


# %% 07.2 In the order in which they came | order | from the smallest up
def month_bills(usages, rates, calls):
    return [(name, bill(usage, rates[name]) * calls) for name, usage in usages.items()]


# %% 07.2 Sorted by the output price | order | prices alone mislead
def month_bills(usages, rates, calls):
    months = [(name, bill(usage, rates[name]) * calls) for name, usage in usages.items()]
    return sorted(months, key=lambda pair: rates[pair[0]]["output"])


# %% 07.2 The dearest first | order | from the smallest up
def month_bills(usages, rates, calls):
    months = [(name, bill(usage, rates[name]) * calls) for name, usage in usages.items()]
    return sorted(months, key=lambda pair: pair[1], reverse=True)


# %% 07.3 Only the texts are counted | refuses | count_message_tokens
def ask_within(client, model, messages, limit, budget, rates):
    sent = sum(count_tokens(message["content"], model=model) for message in messages)
    if (sent * rates["input"] + limit * rates["output"]) / MILLION > budget:
        return None
    response = ask(client, model, messages, max_completion_tokens=limit)
    return response.choices[0].message.content


# %% 07.3 The output is forgotten | refuses | as long as the limit
def ask_within(client, model, messages, limit, budget, rates):
    if count_message_tokens(messages, model=model) * rates["input"] / MILLION > budget:
        return None
    response = ask(client, model, messages, max_completion_tokens=limit)
    return response.choices[0].message.content


# %% 07.3 The bill is looked at afterwards | refuses | Before you send
def ask_within(client, model, messages, limit, budget, rates):
    response = ask(client, model, messages, max_completion_tokens=limit)
    if worst(messages, model, limit, rates) > budget:
        return None
    return response.choices[0].message.content


# %% 07.3 An empty text in place of None | refuses | return None
def ask_within(client, model, messages, limit, budget, rates):
    if worst(messages, model, limit, rates) > budget:
        return ""
    response = ask(client, model, messages, max_completion_tokens=limit)
    return response.choices[0].message.content


# %% 07.3 What just fits is refused | sends | only more is too much
def ask_within(client, model, messages, limit, budget, rates):
    if worst(messages, model, limit, rates) >= budget:
        return None
    response = ask(client, model, messages, max_completion_tokens=limit)
    return response.choices[0].message.content


# %% 07.3 A token more, to be on the safe side | sends | only more is too much
def ask_within(client, model, messages, limit, budget, rates):
    if worst(messages, model, limit + 1, rates) > budget:
        return None
    response = ask(client, model, messages, max_completion_tokens=limit)
    return response.choices[0].message.content


# %% 07.3 The limit is reckoned with, but not sent | limit | Send the limit
def ask_within(client, model, messages, limit, budget, rates):
    if worst(messages, model, limit, rates) > budget:
        return None
    return ask(client, model, messages).choices[0].message.content


# %% 07.3 The whole response is returned | returns | Return the text itself
def ask_within(client, model, messages, limit, budget, rates):
    if worst(messages, model, limit, rates) > budget:
        return None
    return ask(client, model, messages, max_completion_tokens=limit)


# %% 07.4 Only what was spent is looked at | stops | what it can cost at most
def answer_all(client, model, questions, limit, cap, rates):
    spent, texts = 0, []
    for question in questions:
        if spent >= cap:
            break
        messages = [{"role": "user", "content": question}]
        response = ask(client, model, messages, max_completion_tokens=limit)
        spent += bill(response.usage.model_dump(), rates)
        texts.append(response.choices[0].message.content)
    return texts


# %% 07.4 Every request is weighed alone | stops | what was spent so far
def answer_all(client, model, questions, limit, cap, rates):
    texts = []
    for question in questions:
        messages = [{"role": "user", "content": question}]
        if worst(messages, model, limit, rates) > cap:
            break
        response = ask(client, model, messages, max_completion_tokens=limit)
        texts.append(response.choices[0].message.content)
    return texts


# %% 07.4 The cap is noticed one request too late | stops | Before each request
def answer_all(client, model, questions, limit, cap, rates):
    spent, texts = 0, []
    for question in questions:
        messages = [{"role": "user", "content": question}]
        response = ask(client, model, messages, max_completion_tokens=limit)
        texts.append(response.choices[0].message.content)
        if spent + worst(messages, model, limit, rates) > cap:
            break
        spent += bill(response.usage.model_dump(), rates)
    return texts


# %% 07.4 The worst cases are added up | goes | usage
def answer_all(client, model, questions, limit, cap, rates):
    spent, texts = 0, []
    for question in questions:
        messages = [{"role": "user", "content": question}]
        spent += worst(messages, model, limit, rates)
        if spent > cap:
            break
        response = ask(client, model, messages, max_completion_tokens=limit)
        texts.append(response.choices[0].message.content)
    return texts


# %% 07.4 What just fits is not sent | goes | Add up what the replies' usage says
def answer_all(client, model, questions, limit, cap, rates):
    spent, texts = 0, []
    for question in questions:
        messages = [{"role": "user", "content": question}]
        if spent + worst(messages, model, limit, rates) >= cap:
            break
        response = ask(client, model, messages, max_completion_tokens=limit)
        spent += bill(response.usage.model_dump(), rates)
        texts.append(response.choices[0].message.content)
    return texts


# %% 07.4 The questions become one conversation | goes | one user message
def answer_all(client, model, questions, limit, cap, rates):
    spent, texts, messages = 0, [], []
    for question in questions:
        messages.append({"role": "user", "content": question})
        if spent + worst(messages, model, limit, rates) > cap:
            break
        response = ask(client, model, messages, max_completion_tokens=limit)
        spent += bill(response.usage.model_dump(), rates)
        texts.append(response.choices[0].message.content)
        messages.append({"role": "assistant", "content": texts[-1]})
    return texts


# %% 07.4 The limit is reckoned with, but not sent | limit | Send the limit
def answer_all(client, model, questions, limit, cap, rates):
    spent, texts = 0, []
    for question in questions:
        messages = [{"role": "user", "content": question}]
        if spent + worst(messages, model, limit, rates) > cap:
            break
        response = ask(client, model, messages)
        spent += bill(response.usage.model_dump(), rates)
        texts.append(response.choices[0].message.content)
    return texts


# %% 07.4 Only the last text is returned | answers | a list of the texts
def answer_all(client, model, questions, limit, cap, rates):
    spent, text = 0, None
    for question in questions:
        messages = [{"role": "user", "content": question}]
        if spent + worst(messages, model, limit, rates) > cap:
            break
        response = ask(client, model, messages, max_completion_tokens=limit)
        spent += bill(response.usage.model_dump(), rates)
        text = response.choices[0].message.content
    return text


# %% 07.4 None for what was not asked | answers | for each question that was sent
def answer_all(client, model, questions, limit, cap, rates):
    spent, texts = 0, []
    for question in questions:
        messages = [{"role": "user", "content": question}]
        if spent + worst(messages, model, limit, rates) > cap:
            break
        response = ask(client, model, messages, max_completion_tokens=limit)
        spent += bill(response.usage.model_dump(), rates)
        texts.append(response.choices[0].message.content)
    return texts + [None] * (len(questions) - len(texts))
