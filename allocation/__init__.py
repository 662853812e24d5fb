"""Graph → plan: rules, demand, optimal assignment, explanation."""
