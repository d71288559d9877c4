"""A league of pacing algorithms in virtual time: one simulated service, several clients, and what each made of it.

`limits` is what services count by, `service` turns it into replies that take their time, `cells` lists the
situations, `contenders` are the clients, `bounds` says what nobody can beat, `league` plays, `goals` judges and
`tables` reports. The service knows nothing of any contender. Nothing is sent anywhere and no clock is read: the same
seed always gives the same figures.
"""
