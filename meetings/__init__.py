"""What happens: sittings, agenda, attendance, minutes. It uses participation and what lies below it."""
