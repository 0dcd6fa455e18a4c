"""What the coach answers: one dataclass per tool, the same words for every client.

Each begins with `status`, the answer in one line, and ends with `next_actions`, the tools that
would come next. Numbers travel with the number of observations they rest on.
"""
