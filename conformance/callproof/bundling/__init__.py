"""The bundler: reads the contract's sources (``openapi/`` and ``asyncapi/``) and makes the single files that everybody else reads.

It needs PyYAML, which the extra ``run`` installs. The contract's lint and the files made from the bundles stay in ``tools/contract``.
"""
