"""What people and programs do to what trust keeps. Each runs inside a firm scope that writes."""
