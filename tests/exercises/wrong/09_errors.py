# Wrong answers, one a block: "# %% task mistake | criterion that fails | words of its hint".
# What stands before the first block begins every answer.


import openai

from course_utils import count_message_tokens, count_tokens
from course_utils.cost import cost, estimate


def create(client, model, text, **more):
    messages = [{"role": "user", "content": text}]
    return client.chat.completions.create(model=model, messages=messages, **more)


def told(error):
    response = getattr(error, "response", None)
    return 0 if response is None else float(response.headers.get("retry-after", 0))


WORTH_IT = (openai.APIConnectionError, openai.RateLimitError, openai.InternalServerError)


# %% 09.1 Every 429 is a matter of waiting | pay | code tells them apart
def advice(client, model, text):
    try:
        create(client, model, text)
    except (openai.RateLimitError, openai.InternalServerError):
        return "wait"
    except openai.APIStatusError:
        return "fix"
    except openai.APIConnectionError:
        return "silent"
    return "ok"


# %% 09.1 Every 429 is a matter of money | wait | the time was bad
def advice(client, model, text):
    try:
        create(client, model, text)
    except openai.RateLimitError:
        return "pay"
    except openai.InternalServerError:
        return "wait"
    except openai.APIStatusError:
        return "fix"
    except openai.APIConnectionError:
        return "silent"
    return "ok"


# %% 09.1 Only 500 is an error of the server | wait | 500 and above
def advice(client, model, text):
    try:
        create(client, model, text)
    except openai.APIStatusError as error:
        if error.code == "insufficient_quota":
            return "pay"
        return "wait" if error.status_code in (429, 500) else "fix"
    except openai.APIConnectionError:
        return "silent"
    return "ok"


# %% 09.1 Only a 400 is ours to mend | fix | more than one class
def advice(client, model, text):
    try:
        create(client, model, text)
    except openai.BadRequestError:
        return "fix"
    except openai.RateLimitError as error:
        return "pay" if error.code == "insufficient_quota" else "wait"
    except openai.InternalServerError:
        return "wait"
    except openai.APIConnectionError:
        return "silent"
    return "ok"


# %% 09.1 An error without an answer is asked for its status code | silent | no status code
def advice(client, model, text):
    try:
        create(client, model, text)
    except openai.APIError as error:
        if error.code == "insufficient_quota":
            return "pay"
        return "wait" if error.status_code == 429 or error.status_code >= 500 else "fix"
    return "ok"


# %% 09.1 Only errors with a status are caught | silent | Which class
def advice(client, model, text):
    try:
        create(client, model, text)
    except openai.APIStatusError as error:
        if error.code == "insufficient_quota":
            return "pay"
        return "wait" if error.status_code == 429 or error.status_code >= 500 else "fix"
    return "ok"


# %% 09.1 The reply instead of ok | ok | return 'ok'
def advice(client, model, text):
    try:
        return create(client, model, text).choices[0].message.content
    except openai.APIStatusError as error:
        if error.code == "insufficient_quota":
            return "pay"
        return "wait" if error.status_code == 429 or error.status_code >= 500 else "fix"
    except openai.APIConnectionError:
        return "silent"


# %% 09.2 How many are allowed, not how many it took | count | how many it took
def ask(client, model, text, retries, seconds):
    patient = client.with_options(max_retries=retries, timeout=seconds)
    return create(patient, model, text).choices[0].message.content, patient.max_retries


# %% 09.2 Requests are counted, not retries | count | how many it took
def ask(client, model, text, retries, seconds):
    patient = client.with_options(max_retries=retries, timeout=seconds)
    messages = [{"role": "user", "content": text}]
    raw = patient.chat.completions.with_raw_response.create(model=model, messages=messages)
    return raw.parse().choices[0].message.content, raw.retries_taken + 1


# %% 09.2 Three retries, whatever was said | retries | with_options
def ask(client, model, text, retries, seconds):
    patient = client.with_options(max_retries=3, timeout=seconds)
    messages = [{"role": "user", "content": text}]
    raw = patient.chat.completions.with_raw_response.create(model=model, messages=messages)
    return raw.parse().choices[0].message.content, raw.retries_taken


# %% 09.2 The first request is counted as a retry | retries | One request and its retries
def ask(client, model, text, retries, seconds):
    patient = client.with_options(max_retries=retries - 1, timeout=seconds)
    messages = [{"role": "user", "content": text}]
    raw = patient.chat.completions.with_raw_response.create(model=model, messages=messages)
    return raw.parse().choices[0].message.content, raw.retries_taken


# %% 09.2 The error is swallowed | retries | let the error pass on
def ask(client, model, text, retries, seconds):
    patient = client.with_options(max_retries=retries, timeout=seconds)
    messages = [{"role": "user", "content": text}]
    try:
        raw = patient.chat.completions.with_raw_response.create(model=model, messages=messages)
    except openai.APIError:
        return None, retries
    return raw.parse().choices[0].message.content, raw.retries_taken


# %% 09.2 No timeout | timeout | timeout in seconds
def ask(client, model, text, retries, seconds):
    patient = client.with_options(max_retries=retries)
    messages = [{"role": "user", "content": text}]
    raw = patient.chat.completions.with_raw_response.create(model=model, messages=messages)
    return raw.parse().choices[0].message.content, raw.retries_taken


# %% 09.2 The timeout in milliseconds | timeout | timeout in seconds
def ask(client, model, text, retries, seconds):
    patient = client.with_options(max_retries=retries, timeout=seconds * 1000)
    messages = [{"role": "user", "content": text}]
    raw = patient.chat.completions.with_raw_response.create(model=model, messages=messages)
    return raw.parse().choices[0].message.content, raw.retries_taken


# %% 09.2 The body instead of the text | text | parse() makes the completion
def ask(client, model, text, retries, seconds):
    patient = client.with_options(max_retries=retries, timeout=seconds)
    messages = [{"role": "user", "content": text}]
    raw = patient.chat.completions.with_raw_response.create(model=model, messages=messages)
    return raw.text, raw.retries_taken


# %% 09.3 Nothing is drawn | backoff | Draw each wait with uniform()
def patiently(client, model, text, sleep, uniform):
    once = client.with_options(max_retries=0)
    for n in range(1, 5):
        try:
            return create(once, model, text).choices[0].message.content
        except WORTH_IT as error:
            if n == 4 or error.code == "insufficient_quota":
                raise
            sleep(told(error) + 2**n)


# %% 09.3 The wait does not grow | backoff | after the n-th failure
def patiently(client, model, text, sleep, uniform):
    once = client.with_options(max_retries=0)
    for n in range(1, 5):
        try:
            return create(once, model, text).choices[0].message.content
        except WORTH_IT as error:
            if n == 4 or error.code == "insufficient_quota":
                raise
            sleep(told(error) + uniform(0, 2))


# %% 09.3 Counting begins at 0 | backoff | after the n-th failure
def patiently(client, model, text, sleep, uniform):
    once = client.with_options(max_retries=0)
    for n in range(4):
        try:
            return create(once, model, text).choices[0].message.content
        except WORTH_IT as error:
            if n == 3 or error.code == "insufficient_quota":
                raise
            sleep(told(error) + uniform(0, 2**n))


# %% 09.3 It grows evenly, not by doubling | backoff | 2ⁿ
def patiently(client, model, text, sleep, uniform):
    once = client.with_options(max_retries=0)
    for n in range(1, 5):
        try:
            return create(once, model, text).choices[0].message.content
        except WORTH_IT as error:
            if n == 4 or error.code == "insufficient_quota":
                raise
            sleep(told(error) + uniform(0, 2 * n))


# %% 09.3 Retry-After is not read | told | headers
def patiently(client, model, text, sleep, uniform):
    once = client.with_options(max_retries=0)
    for n in range(1, 5):
        try:
            return create(once, model, text).choices[0].message.content
        except WORTH_IT as error:
            if n == 4 or error.code == "insufficient_quota":
                raise
            sleep(uniform(0, 2**n))


# %% 09.3 Retry-After is used as a text | told | make numbers
def patiently(client, model, text, sleep, uniform):
    once = client.with_options(max_retries=0)
    for n in range(1, 5):
        try:
            return create(once, model, text).choices[0].message.content
        except WORTH_IT as error:
            if n == 4 or error.code == "insufficient_quota":
                raise
            response = getattr(error, "response", None)
            after = response.headers.get("retry-after", 0) if response is not None else 0
            sleep(after + uniform(0, 2**n))


# %% 09.3 The longer of the two waits | told | on top of Retry-After
def patiently(client, model, text, sleep, uniform):
    once = client.with_options(max_retries=0)
    for n in range(1, 5):
        try:
            return create(once, model, text).choices[0].message.content
        except WORTH_IT as error:
            if n == 4 or error.code == "insufficient_quota":
                raise
            sleep(max(told(error), uniform(0, 2**n)))


# %% 09.3 Every error is worth another try | hopeless | Retry only what may get better
def patiently(client, model, text, sleep, uniform):
    once = client.with_options(max_retries=0)
    for n in range(1, 5):
        try:
            return create(once, model, text).choices[0].message.content
        except openai.APIError as error:
            if n == 4:
                raise
            sleep(told(error) + uniform(0, 2**n))


# %% 09.3 An empty account is tried again | hopeless | Of the two kinds of 429
def patiently(client, model, text, sleep, uniform):
    once = client.with_options(max_retries=0)
    for n in range(1, 5):
        try:
            return create(once, model, text).choices[0].message.content
        except WORTH_IT as error:
            if n == 4:
                raise
            sleep(told(error) + uniform(0, 2**n))


# %% 09.3 A loop around the SDK's own retries | once | retries by itself
def patiently(client, model, text, sleep, uniform):
    for n in range(1, 5):
        try:
            return create(client, model, text).choices[0].message.content
        except WORTH_IT as error:
            if n == 4 or error.code == "insufficient_quota":
                raise
            sleep(told(error) + uniform(0, 2**n))


# %% 09.3 A timeout is not caught | ends | A timeout is worth another try
def patiently(client, model, text, sleep, uniform):
    once = client.with_options(max_retries=0)
    for n in range(1, 5):
        try:
            return create(once, model, text).choices[0].message.content
        except (openai.RateLimitError, openai.InternalServerError) as error:
            if n == 4 or error.code == "insufficient_quota":
                raise
            sleep(told(error) + uniform(0, 2**n))


# %% 09.3 A timeout is asked for its response | ends | no response to look at
def patiently(client, model, text, sleep, uniform):
    once = client.with_options(max_retries=0)
    for n in range(1, 5):
        try:
            return create(once, model, text).choices[0].message.content
        except WORTH_IT as error:
            if n == 4 or error.code == "insufficient_quota":
                raise
            sleep(float(error.response.headers.get("retry-after", 0)) + uniform(0, 2**n))


# %% 09.3 In the end nothing is raised | ends | let the error pass on
def patiently(client, model, text, sleep, uniform):
    once = client.with_options(max_retries=0)
    for n in range(1, 5):
        try:
            return create(once, model, text).choices[0].message.content
        except WORTH_IT as error:
            if error.code == "insufficient_quota":
                raise
            if n < 4:
                sleep(told(error) + uniform(0, 2**n))


# %% 09.3 It waits once more before it gives up | ends | do not wait any more
def patiently(client, model, text, sleep, uniform):
    once = client.with_options(max_retries=0)
    for n in range(1, 5):
        try:
            return create(once, model, text).choices[0].message.content
        except WORTH_IT as error:
            if error.code == "insufficient_quota":
                raise
            sleep(told(error) + uniform(0, 2**n))
            if n == 4:
                raise


# %% 09.4 Asked after it was sent | blocks | before create()
def careful(client, model, messages, limit, most, log):
    worst = estimate(count_message_tokens(messages), limit, model=model)
    try:
        response = client.chat.completions.create(
            model=model, messages=messages, max_completion_tokens=limit
        )
    except openai.APIError as error:
        log.append({"event": "failed", "worst": worst, "code": error.code})
        raise
    if worst > most:
        log.append({"event": "blocked", "worst": worst})
        return None
    log.append({"event": "sent", "worst": worst, "paid": cost(response.usage, model=model)})
    return response.choices[0].message.content


# %% 09.4 Exactly the most counts as too much | blocks | may still be sent
def careful(client, model, messages, limit, most, log):
    worst = estimate(count_message_tokens(messages), limit, model=model)
    if worst >= most:
        log.append({"event": "blocked", "worst": worst})
        return None
    try:
        response = client.chat.completions.create(
            model=model, messages=messages, max_completion_tokens=limit
        )
    except openai.APIError as error:
        log.append({"event": "failed", "worst": worst, "code": error.code})
        raise
    log.append({"event": "sent", "worst": worst, "paid": cost(response.usage, model=model)})
    return response.choices[0].message.content


# %% 09.4 What was not sent is not noted | blocks | what was not sent
def careful(client, model, messages, limit, most, log):
    worst = estimate(count_message_tokens(messages), limit, model=model)
    if worst > most:
        return None
    try:
        response = client.chat.completions.create(
            model=model, messages=messages, max_completion_tokens=limit
        )
    except openai.APIError as error:
        log.append({"event": "failed", "worst": worst, "code": error.code})
        raise
    log.append({"event": "sent", "worst": worst, "paid": cost(response.usage, model=model)})
    return response.choices[0].message.content


# %% 09.4 The limit is reckoned with, but not sent | limit | may be longer
def careful(client, model, messages, limit, most, log):
    worst = estimate(count_message_tokens(messages), limit, model=model)
    if worst > most:
        log.append({"event": "blocked", "worst": worst})
        return None
    try:
        response = client.chat.completions.create(model=model, messages=messages)
    except openai.APIError as error:
        log.append({"event": "failed", "worst": worst, "code": error.code})
        raise
    log.append({"event": "sent", "worst": worst, "paid": cost(response.usage, model=model)})
    return response.choices[0].message.content


# %% 09.4 Half the limit is sent | limit | may be longer
def careful(client, model, messages, limit, most, log):
    worst = estimate(count_message_tokens(messages), limit, model=model)
    if worst > most:
        log.append({"event": "blocked", "worst": worst})
        return None
    try:
        response = client.chat.completions.create(
            model=model, messages=messages, max_completion_tokens=limit // 2
        )
    except openai.APIError as error:
        log.append({"event": "failed", "worst": worst, "code": error.code})
        raise
    log.append({"event": "sent", "worst": worst, "paid": cost(response.usage, model=model)})
    return response.choices[0].message.content


# %% 09.4 Only the texts are counted | worst | count_message_tokens
def careful(client, model, messages, limit, most, log):
    worst = estimate(sum(count_tokens(each["content"]) for each in messages), limit, model=model)
    if worst > most:
        log.append({"event": "blocked", "worst": worst})
        return None
    try:
        response = client.chat.completions.create(
            model=model, messages=messages, max_completion_tokens=limit
        )
    except openai.APIError as error:
        log.append({"event": "failed", "worst": worst, "code": error.code})
        raise
    log.append({"event": "sent", "worst": worst, "paid": cost(response.usage, model=model)})
    return response.choices[0].message.content


# %% 09.4 Input and output are exchanged | worst | take limit for the reply
def careful(client, model, messages, limit, most, log):
    worst = estimate(limit, count_message_tokens(messages), model=model)
    if worst > most:
        log.append({"event": "blocked", "worst": worst})
        return None
    try:
        response = client.chat.completions.create(
            model=model, messages=messages, max_completion_tokens=limit
        )
    except openai.APIError as error:
        log.append({"event": "failed", "worst": worst, "code": error.code})
        raise
    log.append({"event": "sent", "worst": worst, "paid": cost(response.usage, model=model)})
    return response.choices[0].message.content


# %% 09.4 The worst cost is logged as what was paid | paid | usage
def careful(client, model, messages, limit, most, log):
    worst = estimate(count_message_tokens(messages), limit, model=model)
    if worst > most:
        log.append({"event": "blocked", "worst": worst})
        return None
    try:
        response = client.chat.completions.create(
            model=model, messages=messages, max_completion_tokens=limit
        )
    except openai.APIError as error:
        log.append({"event": "failed", "worst": worst, "code": error.code})
        raise
    log.append({"event": "sent", "worst": worst, "paid": worst})
    return response.choices[0].message.content


# %% 09.4 What was paid is rounded to cents | paid | usage
def careful(client, model, messages, limit, most, log):
    worst = estimate(count_message_tokens(messages), limit, model=model)
    if worst > most:
        log.append({"event": "blocked", "worst": worst})
        return None
    try:
        response = client.chat.completions.create(
            model=model, messages=messages, max_completion_tokens=limit
        )
    except openai.APIError as error:
        log.append({"event": "failed", "worst": worst, "code": error.code})
        raise
    paid = round(cost(response.usage, model=model), 2)
    log.append({"event": "sent", "worst": worst, "paid": paid})
    return response.choices[0].message.content


# %% 09.4 The response instead of its text | paid | Return the text
def careful(client, model, messages, limit, most, log):
    worst = estimate(count_message_tokens(messages), limit, model=model)
    if worst > most:
        log.append({"event": "blocked", "worst": worst})
        return None
    try:
        response = client.chat.completions.create(
            model=model, messages=messages, max_completion_tokens=limit
        )
    except openai.APIError as error:
        log.append({"event": "failed", "worst": worst, "code": error.code})
        raise
    log.append({"event": "sent", "worst": worst, "paid": cost(response.usage, model=model)})
    return response


# %% 09.4 The error is swallowed | failed | raise it again
def careful(client, model, messages, limit, most, log):
    worst = estimate(count_message_tokens(messages), limit, model=model)
    if worst > most:
        log.append({"event": "blocked", "worst": worst})
        return None
    try:
        response = client.chat.completions.create(
            model=model, messages=messages, max_completion_tokens=limit
        )
    except openai.APIError as error:
        log.append({"event": "failed", "worst": worst, "code": error.code})
        return None
    log.append({"event": "sent", "worst": worst, "paid": cost(response.usage, model=model)})
    return response.choices[0].message.content


# %% 09.4 The status instead of the code | failed | note its code
def careful(client, model, messages, limit, most, log):
    worst = estimate(count_message_tokens(messages), limit, model=model)
    if worst > most:
        log.append({"event": "blocked", "worst": worst})
        return None
    try:
        response = client.chat.completions.create(
            model=model, messages=messages, max_completion_tokens=limit
        )
    except openai.APIError as error:
        log.append({"event": "failed", "worst": worst, "code": error.status_code})
        raise
    log.append({"event": "sent", "worst": worst, "paid": cost(response.usage, model=model)})
    return response.choices[0].message.content


# %% 09.4 Only a bad request is caught | failed | openai.APIError
def careful(client, model, messages, limit, most, log):
    worst = estimate(count_message_tokens(messages), limit, model=model)
    if worst > most:
        log.append({"event": "blocked", "worst": worst})
        return None
    try:
        response = client.chat.completions.create(
            model=model, messages=messages, max_completion_tokens=limit
        )
    except openai.BadRequestError as error:
        log.append({"event": "failed", "worst": worst, "code": error.code})
        raise
    log.append({"event": "sent", "worst": worst, "paid": cost(response.usage, model=model)})
    return response.choices[0].message.content
