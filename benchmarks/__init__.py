"""What every published figure is printed by."""
