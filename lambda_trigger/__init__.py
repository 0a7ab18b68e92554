"""What a button, a webhook, a schedule or Alexa invokes: any trigger's event becomes one command on the queue."""
