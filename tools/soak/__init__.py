"""Proofs that need processes, ports and minutes: nothing leaks, hangs, lies or dies. `python -m tools.soak` plays them.

One module per proof. Each has a function that takes a size (how many clients, requests, kills) and returns its evidence; the rows stand in
`proofs.py`. Not shipped.
"""
