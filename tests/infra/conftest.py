from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
TEMPLATE = ROOT / "infra" / "template.yaml"
REGION = "eu-central-1"
