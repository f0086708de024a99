"""An OpenAPI document as read, its overlays applied."""
