"""Makes and judges the contract's bundles: ``python -m tools.contract bundle|lint|check|stubs``, from the checkout's root.

The contract itself is data in ``openapi/`` and ``asyncapi/``; what is made from it lies in ``dist/`` and ``impl/refswitch/stubs/``.
"""
