"""Complaints: filed at any hour, answered in steps, ended with the customer's word."""
