"""What became of a plan that was asked for, in words."""


def standing(approver: str | None, approval: str, state: str | None, rule: str | None) -> str:
    """That it waits for whoever has the role `approver`, and how it is approved; or that a standing rule let it run."""
    if rule:
        return f"The standing rule {rule} covers it: {approval} ran at once, and is {state}."
    return (
        f"Nothing is changed before somebody with the role {approver!r} approves it: it waits as {approval} "
        f"('sophia approvals show {approval}', then 'sophia approvals approve {approval}')."
    )
