from tests.switch.world import dynamodb, tables, world

__all__ = ["dynamodb", "tables", "world"]
