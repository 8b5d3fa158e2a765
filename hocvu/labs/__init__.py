"""The lessons' benches: pure computations, their plain-HTML twins and pictures. Standard library only."""
