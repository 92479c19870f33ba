"""The ledger of signatures is compared with CloudTrail: did somebody sign outside of an act of ours?"""
