# Wrong answers, one a block: "# %% task mistake | criterion that fails | words of its hint".
# What stands before the first block begins every answer.

import tiktoken

from course_utils import catalog, count_message_tokens, count_tokens


# %% 06.1 The old encoding for every model | newer | the model that was given
def count(text, model):
    return len(tiktoken.get_encoding("cl100k_base").encode_ordinary(text))


# %% 06.1 The new encoding for every model | older | the model that was given
def count(text, model):
    return len(tiktoken.get_encoding("o200k_base").encode_ordinary(text))


# %% 06.1 A special token in the text is an error | special | ordinary text
def count(text, model):
    return len(tiktoken.encoding_for_model(model).encode(text))


# %% 06.1 A special token in the text becomes one token | special | ordinary text
def count(text, model):
    return len(tiktoken.encoding_for_model(model).encode(text, allowed_special="all"))


# %% 06.2 Every token is decoded to text | whole | decode_single_token_bytes
def token_bytes(text, model):
    encoding = tiktoken.encoding_for_model(model)
    return [encoding.decode([number]) for number in encoding.encode_ordinary(text)]


# %% 06.2 Decoded and encoded again | whole | inside a character
def token_bytes(text, model):
    encoding = tiktoken.encoding_for_model(model)
    return [encoding.decode([number]).encode() for number in encoding.encode_ordinary(text)]


# %% 06.2 The ids are returned | whole | bytes
def token_bytes(text, model):
    return tiktoken.encoding_for_model(model).encode_ordinary(text)


# %% 06.2 Characters instead of tokens | each | one item of each token
def token_bytes(text, model):
    return [character.encode() for character in text]


# %% 06.2 Always the default model's encoding | each | for the model
def token_bytes(text, model):
    encoding = tiktoken.get_encoding("o200k_base")
    return [encoding.decode_single_token_bytes(n) for n in encoding.encode_ordinary(text)]


# %% 06.3 One window for all models | window | context_window
def room(messages, model):
    return max(0, 128_000 - count_message_tokens(messages, model=model))


# %% 06.3 The longest output instead of the window | window | context_window
def room(messages, model):
    return max(0, catalog.get(model).max_output - count_message_tokens(messages, model=model))


# %% 06.3 Only the texts are counted | format | count_message_tokens
def room(messages, model):
    used = sum(count_tokens(message["content"], model=model) for message in messages)
    return max(0, catalog.get(model).context_window - used)


# %% 06.3 The default model's encoding for all | encoding | Pass the model on
def room(messages, model):
    return max(0, catalog.get(model).context_window - count_message_tokens(messages))


# %% 06.3 Less than nothing | zero | return 0
def room(messages, model):
    return catalog.get(model).context_window - count_message_tokens(messages, model=model)


# %% 06.4 A new model is counted by the old encoding | unknown | o200k_base
def by_model(text, models):
    def count(model):
        try:
            encoding = tiktoken.encoding_for_model(model)
        except KeyError:
            encoding = tiktoken.get_encoding("cl100k_base")
        return len(encoding.encode_ordinary(text))

    return dict(sorted({model: count(model) for model in models}.items(), key=lambda it: it[1]))


# %% 06.4 A new model is left out | unknown | catch that
def by_model(text, models):
    counts = {}
    for model in models:
        try:
            counts[model] = len(tiktoken.encoding_for_model(model).encode_ordinary(text))
        except KeyError:
            pass
    return dict(sorted(counts.items(), key=lambda it: it[1]))


# %% 06.4 The KeyError of a new model is not caught | unknown | catch that
def by_model(text, models):
    counts = {each: len(tiktoken.encoding_for_model(each).encode_ordinary(text)) for each in models}
    return dict(sorted(counts.items(), key=lambda it: it[1]))


# %% 06.4 One encoding for all | known | anew for each model
def by_model(text, models):
    encoding = tiktoken.get_encoding("o200k_base")
    return {model: len(encoding.encode_ordinary(text)) for model in models}


# %% 06.4 In the order in which they came | order | Sort the pairs
def by_model(text, models):
    counts = {}
    for model in models:
        try:
            encoding = tiktoken.encoding_for_model(model)
        except KeyError:
            encoding = tiktoken.get_encoding("o200k_base")
        counts[model] = len(encoding.encode_ordinary(text))
    return counts


# %% 06.4 The most tokens first | order | Sort the pairs
def by_model(text, models):
    counts = {}
    for model in models:
        try:
            encoding = tiktoken.encoding_for_model(model)
        except KeyError:
            encoding = tiktoken.get_encoding("o200k_base")
        counts[model] = len(encoding.encode_ordinary(text))
    return dict(sorted(counts.items(), key=lambda it: it[1], reverse=True))
