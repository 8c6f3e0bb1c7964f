using System.Runtime.CompilerServices;
using Actors.Domain.Funding;
using Actors.Domain.Instruments;
using Actors.Domain.Margin;
using Actors.Domain.Positions;
using Actors.Venue.Clearing;
using Actors.Venue.Trading;

namespace Actors.Venue.Snapshots;

/// <summary>
/// Passes state to a snapshot or from one. Whoever owns state has one method that does both, <c>Balance = state.Pass(Balance)</c>: what is
/// passed is written and comes back, or is ignored and comes back as it was written, so that reading and writing cannot disagree. Accounts,
/// instruments and orders are passed as their places. What cannot be read throws <see cref="InvalidDataException"/> or <see
/// cref="EndOfStreamException"/>.
/// </summary>
internal sealed class StateStream
{
    private const int CountMax = 100_000_000;

    private readonly BinaryWriter? _to;
    private readonly BinaryReader? _from;
    private readonly Dictionary<VenueOrder, int> _places = new(ReferenceEqualityComparer.Instance);
    private readonly List<VenueOrder> _orders = [];

    public StateStream(BinaryWriter to, Exchange exchange) => (_to, Exchange) = (to, exchange);

    public StateStream(BinaryReader from, Exchange exchange) => (_from, Exchange) = (from, exchange);

    public Exchange Exchange { get; }

    public bool IsReading => _from is not null;

    public long Pass(long value)
    {
        if (_from is not null) return _from.Read7BitEncodedInt64();
        _to!.Write7BitEncodedInt64(value);
        return value;
    }

    public ulong Pass(ulong value) => unchecked((ulong)Pass((long)value));

    public int Pass(int value) => checked((int)Pass((long)value));

    public bool Pass(bool value) => Pass(value ? 1L : 0) != 0;

    public decimal Pass(decimal value)
    {
        if (_from is not null) return _from.ReadDecimal();
        _to!.Write(value);
        return value;
    }

    public string Pass(string value)
    {
        if (_from is not null) return _from.ReadString();
        _to!.Write(value);
        return value;
    }

    public Guid Pass(Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (_from is not null)
        {
            _from.BaseStream.ReadExactly(bytes);
            return new Guid(bytes);
        }

        value.TryWriteBytes(bytes);
        _to!.Write(bytes);
        return value;
    }

    public DateTimeOffset Pass(DateTimeOffset value) => new(Pass(value.UtcTicks), TimeSpan.Zero);

    public long? Pass(long? value) => Pass(value.HasValue) ? Pass(value ?? 0) : null;

    public decimal? Pass(decimal? value) => Pass(value.HasValue) ? Pass(value ?? 0) : null;

    public DateTimeOffset? Pass(DateTimeOffset? value) => Pass(value.HasValue) ? Pass(value ?? default) : null;

    public T Pass<T>(T value)
        where T : struct, Enum
    {
        // As its bits: without boxing, for most of a snapshot is rows of them.
        if (Unsafe.SizeOf<T>() == sizeof(int))
        {
            var number = Pass(Unsafe.As<T, int>(ref value));
            return Unsafe.As<int, T>(ref number);
        }

        var small = checked((byte)Pass((int)Unsafe.As<T, byte>(ref value)));
        return Unsafe.SizeOf<T>() == sizeof(byte) ? Unsafe.As<byte, T>(ref small) : throw new NotSupportedException($"{typeof(T)} is neither an int nor a byte");
    }

    public TimeWeightedAverage Pass(TimeWeightedAverage average) => new()
    {
        From = Pass(average.From),
        LastAt = Pass(average.LastAt),
        Last = Pass(average.Last),
        WeightedSum = Pass(average.WeightedSum),
        HasValue = Pass(average.HasValue),
    };

    public FundingCycle? Pass(FundingCycle? cycle)
    {
        if (!Pass(cycle is not null)) return null;
        return new FundingCycle(Pass(cycle?.Rate ?? 0), Pass(cycle?.NextAt ?? default), TimeSpan.FromTicks(Pass(cycle?.Interval.Ticks ?? 0)))
        {
            Premium = Pass(cycle?.Premium ?? default),
            Interest = Pass(cycle?.Interest ?? default),
        };
    }

    /// <summary>The terms stay; what follows from the mark is computed again.</summary>
    public MarginHolding Pass(in MarginHolding margin)
    {
        var position = margin.Position;
        var orders = margin.Orders;
        var passed = new MarginHolding(margin.Terms).WithMark(Pass(margin.Mark))
            .WithPosition(new Position(new Quantity(Pass(position.Quantity.Contracts)), Pass(position.UnrealisedCost), Pass(position.RealisedCost), Pass(position.Commission)))
            .WithOrders(new OpenOrders(Pass(orders.BuyQuantity), Pass(orders.BuyCost), Pass(orders.SellQuantity), Pass(orders.SellCost), Pass(orders.BuyPremium), Pass(orders.SellPremium)))
            .WithLeverage(Pass(margin.Leverage));
        var transferred = Pass(margin.Transferred);
        passed = passed.WithRiskLimit(Pass(margin.RiskLimit)).WithFundingRate(Pass((decimal)margin.FundingRate.Numerator / margin.FundingRate.Denominator));
        return transferred == 0 ? passed : passed.Transfer(transferred);
    }

    /// <summary>An element at a time, in order; <paramref name="pass"/> is given null when it reads.</summary>
    public void List<T>(List<T> items, Func<T?, T> pass)
    {
        var count = Count(items.Count);
        if (!IsReading)
        {
            foreach (var item in items) pass(item);
            return;
        }

        items.Clear();
        for (var i = 0; i < count; i++) items.Add(pass(default));
    }

    /// <summary>A number of things that follow.</summary>
    public int Count(int count)
    {
        count = Pass(count);
        return count is >= 0 and <= CountMax ? count : throw new InvalidDataException($"{count} is no number of things");
    }

    /// <summary>Ends a part: reading anything else here means that the parts before it do not fit this venue.</summary>
    public void End(string part)
    {
        if (Pass(part) is var found && found != part) throw new InvalidDataException($"expected the end of {part}");
    }

    public Account Pass(Account? account)
    {
        var place = Pass(account is null ? 0 : Exchange.Accounts.IndexOf(account));
        return Exchange.Accounts[place];
    }

    public ListedInstrument Pass(ListedInstrument? instrument) => Exchange.Instruments[Pass(instrument?.Index ?? 0)];

    public Holding Pass(Holding? holding)
    {
        var account = Pass(holding?.Account);
        return account.Holdings[Pass(holding?.Instrument).Index];
    }

    public Wallet Pass(Wallet? wallet)
    {
        var account = Pass(wallet?.Account);
        return account.Wallets[Pass(wallet is null ? 0 : account.Wallets.IndexOf(wallet))];
    }

    /// <summary>Everything that later passes name as an order: each once, whoever names it.</summary>
    public void Orders(IEnumerable<VenueOrder> orders)
    {
        if (!IsReading)
        {
            foreach (var order in orders)
            {
                if (_places.TryAdd(order, _orders.Count)) _orders.Add(order);
            }
        }

        List(_orders, order => VenueOrder.Pass(this, order));
        foreach (var order in _orders) order.Parent = PassOrNull(order.Parent);
    }

    /// <summary>One of those that were passed to <see cref="Orders"/>.</summary>
    public VenueOrder Pass(VenueOrder? order) => PassOrNull(order) ?? throw new InvalidDataException("expected an order");

    public VenueOrder? PassOrNull(VenueOrder? order)
    {
        var place = Pass(order is null ? -1 : _places[order]);
        return place < 0 ? null : _orders[place];
    }
}
