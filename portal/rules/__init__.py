"""What the company and the law decide: pure functions of facts and a moment. No database, no clock, no framework."""
