"""Named corrections of moto, one module per kind of resource."""
