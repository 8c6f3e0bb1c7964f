using System.Globalization;
using Actors.Domain.Accounts;
using Actors.Domain.Funding;
using Actors.Domain.Instruments;
using Actors.Domain.Positions;

namespace Actors.Domain.Tests;

/// <summary>A clearing house as small as can be: positions and wallets of the product, and one fund a currency.</summary>
internal sealed class ClearingWorld
{
    private const int Accounts = 5;

    public static readonly Currency[] Currencies = [new("XBt"), new("USDt")];

    private readonly Position[,] _positions = new Position[Accounts, Kinds.Held.Length];
    private readonly WalletLedger[,] _wallets = new WalletLedger[Accounts, 2];
    private readonly decimal[] _marks = new decimal[Kinds.Held.Length];
    private readonly long[] _collected = new long[2];

    public ClearingWorld()
    {
        for (var account = 0; account < Accounts; account++)
        {
            for (var currency = 0; currency < 2; currency++) _wallets[account, currency] = new WalletLedger(Currencies[currency]);
        }

        var random = new Random(0);
        for (var i = 0; i < _marks.Length; i++) _marks[i] = NonZero(Kinds.Held[i], random);
    }

    public int Trades { get; private set; }

    public int Settlements { get; private set; }

    public int Reversals { get; private set; }

    public int OpenPositions => _positions.Cast<Position>().Count(position => !position.Quantity.IsZero);

    public static ClearingWorld Restore(string snapshot)
    {
        var world = new ClearingWorld();
        var numbers = new Queue<string>(snapshot.Split(' '));
        long Next() => long.Parse(numbers.Dequeue(), CultureInfo.InvariantCulture);
        (world.Trades, world.Settlements, world.Reversals) = ((int)Next(), (int)Next(), (int)Next());
        for (var account = 0; account < Accounts; account++)
        {
            for (var i = 0; i < Kinds.Held.Length; i++) world._positions[account, i] = new Position(new Quantity(Next()), Next(), Next(), Next());
            for (var c = 0; c < 2; c++)
            {
                world._wallets[account, c] = new WalletLedger(Currencies[c])
                {
                    Deposited = Next(),
                    Withdrawn = Next(),
                    TransferredIn = Next(),
                    TransferredOut = Next(),
                    PendingCredit = Next(),
                    PendingDebit = Next(),
                    BookedPnl = Next(),
                    RealisedPnl = Next(),
                };
            }
        }

        for (var i = 0; i < world._marks.Length; i++) world._marks[i] = decimal.Parse(numbers.Dequeue(), CultureInfo.InvariantCulture);
        for (var c = 0; c < 2; c++) world._collected[c] = Next();
        return world;
    }

    public string Snapshot()
    {
        var numbers = new List<string> { $"{Trades}", $"{Settlements}", $"{Reversals}" };
        void Add(params long[] values) => numbers.AddRange(values.Select(value => value.ToString(CultureInfo.InvariantCulture)));
        for (var account = 0; account < Accounts; account++)
        {
            for (var i = 0; i < Kinds.Held.Length; i++)
            {
                var position = _positions[account, i];
                Add(position.Quantity.Contracts, position.UnrealisedCost, position.RealisedCost, position.Commission);
            }

            for (var c = 0; c < 2; c++)
            {
                var wallet = _wallets[account, c];
                Add(wallet.Deposited, wallet.Withdrawn, wallet.TransferredIn, wallet.TransferredOut, wallet.PendingCredit, wallet.PendingDebit, wallet.BookedPnl, wallet.RealisedPnl);
            }
        }

        numbers.AddRange(_marks.Select(mark => mark.ToString(CultureInfo.InvariantCulture)));
        Add(_collected);
        return string.Join(' ', numbers);
    }

    public string Step(Random random)
    {
        var i = random.Next(Kinds.Held.Length);
        switch (random.Next(20))
        {
            case 0: return Move(random);
            case 1: return Close(random);
            case 2 or 3: return Fund(i, random);
            case 4 when Kinds.Held[i].Expiry is not null: return Settle(i, NonZero(Kinds.Held[i], random));
            case 5 or 6: _marks[i] = NonZero(Kinds.Held[i], random); return "mark";
            default: return Trade(i, random);
        }
    }

    public void Mark(decimal offset)
    {
        for (var i = 0; i < _marks.Length; i++) _marks[i] += offset;
    }

    /// <summary>What was paid in less all there is now, in minor units: nothing, if nothing is lost.</summary>
    public long Missing(Currency currency)
    {
        var c = Array.IndexOf(Currencies, currency);
        var missing = -_collected[c];
        for (var account = 0; account < Accounts; account++)
        {
            var wallet = _wallets[account, c];
            missing += wallet.Deposited - wallet.Withdrawn - wallet.Balance;
            for (var i = 0; i < Kinds.Held.Length; i++)
            {
                if (Kinds.Held[i].Settlement == currency) missing -= _positions[account, i].UnrealisedPnl(Kinds.Held[i], _marks[i]);
            }
        }

        return missing;
    }

    public void AssertFlatHasNoCost(string where) => Assert.All(
        _positions.Cast<Position>(), position => Assert.True(!position.Quantity.IsZero || position.UnrealisedCost == 0, $"{where}: a flat position has cost left"));

    private static int CurrencyOf(int i) => Array.IndexOf(Currencies, Kinds.Held[i].Settlement);

    private static decimal NonZero(Instrument instrument, Random random)
    {
        var price = Kinds.Price(instrument, random);
        return price == 0 ? instrument.Tick.Value : price;
    }

    private string Trade(int i, Random random)
    {
        var instrument = Kinds.Held[i];
        var (buyer, seller) = (random.Next(Accounts), random.Next(Accounts - 1));
        if (seller >= buyer) seller++;
        var (quantity, price) = (Kinds.Lots(instrument, random, 60), NonZero(instrument, random));
        var rates = FeeHistory.At(Samples.Noon.AddYears(-random.Next(10))).For(random.Next(100) * 1_000_000m, new FeeDiscounts(0.1m * random.Next(2), 0.05m));
        Fill(buyer, i, quantity, price, rates.Taker);
        Fill(seller, i, -quantity, price, rates.Maker);
        Trades++;
        return $"trade {instrument.Symbol}";
    }

    private void Fill(int account, int i, Quantity change, decimal price, decimal rate)
    {
        var cost = ContractValue.Cost(Kinds.Held[i], change, price);
        var commission = ContractValue.Commission(cost, rate);
        var before = _positions[account, i];
        Become(account, i, before.Fill(change, cost, commission), commission);
        if (Math.Sign(before.Quantity.Contracts) == -Math.Sign(_positions[account, i].Quantity.Contracts) && !before.Quantity.IsZero) Reversals++;
    }

    private void Become(int account, int i, Position after, long collected)
    {
        var c = CurrencyOf(i);
        _wallets[account, c] = _wallets[account, c].Realise(after.RealisedPnl - _positions[account, i].RealisedPnl);
        _collected[c] += collected;
        _positions[account, i] = after;
    }

    private string Fund(int i, Random random)
    {
        var rate = random.Next(-3000, 3000) / 1_000_000m;
        for (var account = 0; account < Accounts; account++)
        {
            var payment = FundingRate.Payment(Kinds.Held[i], _positions[account, i].Quantity, _marks[i], rate);
            Become(account, i, _positions[account, i].Pay(payment), payment);
        }

        return $"funding {Kinds.Held[i].Symbol}";
    }

    private string Settle(int i, decimal price)
    {
        for (var account = 0; account < Accounts; account++)
        {
            var before = _positions[account, i];
            var after = before.Settle(Kinds.Held[i], price);
            Assert.True(after.Quantity.IsZero && after.UnrealisedCost == 0, $"{Kinds.Held[i].Symbol}: settled, and something is left");
            Become(account, i, after, after.Commission - before.Commission);
        }

        Settlements++;
        return $"settlement {Kinds.Held[i].Symbol}";
    }

    private string Move(Random random)
    {
        var (c, account, other) = (random.Next(2), random.Next(Accounts), random.Next(Accounts));
        var wallet = _wallets[account, c];
        var amount = random.Next(1, 1_000_000);
        switch (random.Next(5))
        {
            case 0:
                _wallets[account, c] = wallet.AnnounceDeposit(amount);
                return "deposit announced";
            case 1:
                _wallets[account, c] = wallet.ConfirmDeposit(amount);
                return "deposit";
            case 2 when wallet.RefuseDebit(amount, long.MaxValue) is null:
                _wallets[account, c] = wallet.RequestWithdrawal(amount);
                return "withdrawal asked for";
            case 3 when wallet.PendingDebit > 0:
                _wallets[account, c] = random.Next(2) == 0 ? wallet.CompleteWithdrawal(wallet.PendingDebit) : wallet.CancelWithdrawal(wallet.PendingDebit);
                return "withdrawal";
            default:
                if (other == account) return "nothing";
                (_wallets[account, c], _wallets[other, c]) = WalletLedger.Transfer(wallet, _wallets[other, c], amount);
                return "transfer";
        }
    }

    private string Close(Random random)
    {
        var (account, c) = (random.Next(Accounts), random.Next(2));
        var before = _wallets[account, c].Balance;
        _wallets[account, c] = _wallets[account, c].CloseSession();
        Assert.Equal(before, _wallets[account, c].Balance);
        return "session closed";
    }
}
