"""述职评议: a season from the plan to the letters; what was submitted, read, heard and found, and by whom."""
