"""What an agent can do: deterministic kernels, servers over them, and the gateway that calls servers."""
