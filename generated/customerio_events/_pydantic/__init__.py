"""What the Pydantic models of every document share; imported by `pydantic_models` alone.

Private. The public interface is what the package itself exports.
"""
