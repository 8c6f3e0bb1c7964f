using Actors.Domain.Accounts;
using Actors.Domain.Instruments;
using Actors.Domain.Port;
using static Actors.Domain.Tests.Samples;

namespace Actors.Domain.Tests;

/// <summary>Our own count of a wallet: what positions realise and what is transferred, from where the venue's was last taken over.</summary>
public class AccountLedgerTests
{
    private static readonly Currency Money = new("XBt");
    private static readonly Symbol First = new("AAA"), Second = new("BBB");
    private AccountLedger _ledger = AccountLedger.Empty;

    [Fact]
    public void Ours_is_the_venues_whatever_is_realised_and_transferred_in_whatever_order()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            _ledger = AccountLedger.Empty;
            long deposits = random.Next(1_000_000), first = random.Next(-1_000, 1_000), second = random.Next(-1_000, 1_000), session = 0;
            Seen(First, first);
            Seen(Second, second);
            Tell(deposits, session);
            Adopt(deposits);
            for (var step = 0; step < 50; step++)
            {
                var change = random.Next(-500, 500);
                switch (random.Next(4))
                {
                    case 0:
                        Seen(First, first += change);
                        session += change;
                        break;
                    case 1:
                        Seen(Second, second += change);
                        session += change;
                        break;
                    case 2:
                        deposits += change;
                        break;
                    default:
                        // The venue begins a session of its own: what was realised counts as deposited.
                        (deposits, session) = (deposits + session, 0);
                        break;
                }

                Tell(deposits, session);
                Assert.True(_ledger.Ours(Money) == deposits + session, $"seed {seed}, step {step}: ours {_ledger.Ours(Money)}, the venue has {deposits + session}");
            }
        }
    }

    [Fact]
    public void A_difference_is_taken_over_with_both_numbers_and_the_count_goes_on_from_there()
    {
        Seen(First, 0);
        Tell(1_000, 0);
        Assert.Equal("first seen", Adopt(1_000)!.Reason);
        Assert.Null(Adopt(1_000));
        Tell(1_000, -7);
        Assert.Equal("ours 1000, the venue has 993", Adopt(1_000)!.Reason);
        Assert.Equal(993, _ledger.Ours(Money));
        Seen(First, -20);
        Assert.Equal(973, _ledger.Ours(Money));
    }

    [Fact]
    public void What_positions_realised_is_told_again_after_a_restart_and_until_then_nothing_is_claimed()
    {
        Seen(First, 5);
        Tell(1_000, 5);
        Adopt(1_000);
        _ledger = _ledger.Begin();
        Assert.Null(_ledger.Ours(Money));
        Seen(First, 9);
        Assert.Equal(1_009, _ledger.Ours(Money));
    }

    [Fact]
    public void With_other_instruments_the_venues_is_taken_over_anew()
    {
        Seen(First, 5);
        Tell(1_000, 5);
        Adopt(1_000);
        Seen(Second, 300);
        Assert.Null(_ledger.Ours(Money));
        Assert.Equal("other instruments are traded", Adopt(1_000)!.Reason);
        Assert.Equal(1_005, _ledger.Ours(Money));
    }

    private void Seen(Symbol symbol, long realised) => _ledger = _ledger.Take(new RealisedSeen(symbol, Money, realised));

    private void Tell(long deposits, long session)
    {
        foreach (var happened in _ledger.Decide(new MarginReport(Money, deposits + session, 0, 0, 0, 0, session, 0, Noon))) _ledger = _ledger.Apply(happened);
    }

    private WalletAdopted? Adopt(long deposits)
    {
        var adopted = _ledger.Decide(new WalletCompared(Money, deposits));
        if (adopted is not null) _ledger = _ledger.Apply(adopted);
        return adopted;
    }
}
