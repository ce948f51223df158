# Right answers that differ from the solution, one a block: "# %% task what differs".
# What stands before the first block begins every answer.

import tiktoken


# %% 06.1 disallowed_special instead of encode_ordinary
def count(text, model):
    return len(tiktoken.encoding_for_model(model).encode(text, disallowed_special=()))


# %% 06.2 All bytes at once
def token_bytes(text, model):
    encoding = tiktoken.encoding_for_model(model)
    return encoding.decode_tokens_bytes(encoding.encode(text))
