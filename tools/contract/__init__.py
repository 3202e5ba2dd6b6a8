"""Makes and checks the contract's bundles: ``python -m tools.contract bundle|lint|check|stubs``, from the checkout's root.

The contract itself is data in ``openapi/`` and ``asyncapi/``; the files made from it are in ``dist/`` and ``impl/refswitch/stubs/``.
"""
