"""Who has a say: committees, seats and their rights, appointments and deputies. It uses coordination and core."""
