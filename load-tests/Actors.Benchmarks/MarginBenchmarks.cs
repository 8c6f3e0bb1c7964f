using Actors.Domain.Instruments;
using Actors.Domain.Margin;
using BenchmarkDotNet.Attributes;

namespace Actors.Benchmarks;

/// <summary>
/// A fill into one of an account's twenty positions and then the margin of the whole account computed anew: half of the positions inverse, half
/// quanto; every second one isolated, every second one with open orders. Beside it the same figures the way one would write them first: objects
/// in a list, decimals, a sum over a query.
/// </summary>
[MemoryDiagnoser]
public class MarginBenchmarks
{
    private const int Positions = 20;

    private readonly MarginHolding[] _holdings = new MarginHolding[Positions];
    private readonly List<PlainHolding> _plain = [];
    private readonly Money _wallet = new(50_000_000_000, Inputs.Inverse.Settlement);
    private int _next;

    [GlobalSetup]
    public void Setup()
    {
        MarginTerms[] terms =
        [
            MarginTerms.From(Inputs.Inverse),
            MarginTerms.From(Inputs.Inverse with { Symbol = new Symbol("ETHUSD"), Kind = ContractKind.Quanto, Multiplier = 100, LotSize = new Quantity(1) }),
        ];
        for (var i = 0; i < Positions; i++)
        {
            var instrument = terms[i % 2].Instrument;
            var quantity = new Quantity((i % 3 == 0 ? -1 : 1) * 1_000 * (i + 1));
            var price = i % 2 == 0 ? 50_000m : 2_000m;
            var order = new Quantity(5_000);
            var cost = ContractValue.Cost(instrument, quantity, price);
            var orders = i % 4 < 2 ? new OpenOrders(order.Contracts, ContractValue.Value(instrument, order, price), order.Contracts, ContractValue.Value(instrument, order, price)) : default;
            _holdings[i] = new MarginHolding(terms[i % 2]).WithLeverage(i / 2 % 2 * 10).WithMark(price * 1.01m).Fill(quantity, cost, 0).WithOrders(orders);
            _plain.Add(new PlainHolding(instrument, i / 2 % 2 * 10m, price * 1.01m, orders) { Quantity = quantity.Contracts, Cost = cost });
        }

        var fast = AccountMargin.Of(_wallet, _holdings).Available;
        if (fast != Plain()) throw new InvalidOperationException($"the two ways differ: {fast} and {Plain()}");
    }

    [Benchmark(Baseline = true)]
    public decimal Fill_and_margin_with_objects_and_decimals()
    {
        var (at, lots) = Next();
        var holding = _plain[at];
        var quantity = lots * holding.Instrument.LotSize.Contracts;
        holding.Fill(quantity, holding.ValueAt(quantity, holding.Mark));
        return Plain();
    }

    [Benchmark]
    public long Fill_and_margin()
    {
        var (at, lots) = Next();
        ref var holding = ref _holdings[at];
        var instrument = holding.Terms.Instrument;
        var change = new Quantity(lots * instrument.LotSize.Contracts);
        holding = holding.Fill(change, ContractValue.Cost(instrument, change, holding.Mark), 0);
        return AccountMargin.Of(_wallet, _holdings).Available;
    }

    [Benchmark]
    public long Margin_alone() => AccountMargin.Of(_wallet, _holdings).Available;

    [Benchmark]
    public LiquidationPrice Liquidation_price_of_one() => LiquidationPrice.Of(_holdings[3], 1_000_000_000);

    [Benchmark]
    public bool Whether_liquidation_is_due() => LiquidationPrice.IsDue(_holdings[3], 1_000_000_000);

    /// <summary>Goes round the positions, buying in one round and selling in the next, so that they stay about as large as they are.</summary>
    private (int At, long Lots) Next()
    {
        _next = (_next + 1) % (2 * Positions);
        return (_next % Positions, _next < Positions ? 1 : -1);
    }

    private decimal Plain() =>
        _wallet.MinorUnits + _plain.Sum(holding => holding.Profit) - _plain.Sum(holding => holding.OrderMargin) - _plain.Sum(holding => holding.Margin + holding.Profit);

    private sealed class PlainHolding(Instrument instrument, decimal leverage, decimal mark, OpenOrders orders)
    {
        public Instrument Instrument { get; } = instrument;

        public decimal Mark { get; } = mark;

        public decimal Quantity { get; set; }

        public decimal Cost { get; set; }

        public decimal Profit => ValueAt(Quantity, Mark) - Cost;

        public decimal Margin
        {
            get
            {
                var initial = Math.Ceiling(Math.Abs(Cost) * Rate);
                return initial + Math.Ceiling((Math.Abs(Cost) + initial) * Instrument.TakerFeeRate) + (leverage == 0 ? Math.Max(0, -Profit) : 0);
            }
        }

        public decimal OrderMargin
        {
            get
            {
                if (OpenCost == 0) return 0;
                var initial = Math.Ceiling(OpenCost * Rate);
                return initial + Math.Ceiling(((2 * OpenCost) + initial) * Instrument.TakerFeeRate);
            }
        }

        private decimal OpenCost
        {
            get
            {
                var (buys, buyCost) = Opening(orders.BuyQuantity, orders.BuyCost, -Quantity);
                var (sells, sellCost) = Opening(orders.SellQuantity, orders.SellCost, Quantity);
                var common = Math.Min(buys, sells);
                return Math.Max(Part(buyCost, common, buys), Part(sellCost, common, sells)) + Part(buyCost, buys - common, buys) + Part(sellCost, sells - common, sells);
            }
        }

        private decimal Rate
        {
            get
            {
                var value = Math.Abs(Cost) + OpenCost;
                var steps = value < Instrument.RiskLimit ? 0 : Math.Floor((value - Instrument.RiskLimit) / Instrument.RiskStep) + 1;
                var tier = Math.Min(1, Instrument.InitialMarginRate + (steps * Instrument.MaintenanceMarginRate));
                return leverage == 0 ? tier : Math.Max(tier, 1 / leverage);
            }
        }

        public decimal ValueAt(decimal quantity, decimal price)
        {
            if (Instrument.Kind != ContractKind.Inverse) return Math.Round(Instrument.Multiplier * price * quantity, MidpointRounding.AwayFromZero);
            decimal lot = Instrument.LotSize.Contracts;
            return -Math.Round(Instrument.Multiplier * lot / price, MidpointRounding.AwayFromZero) * quantity / lot;
        }

        public void Fill(decimal quantity, decimal cost)
        {
            if (Math.Sign(quantity) != -Math.Sign(Quantity)) Cost += cost;
            else Cost -= Math.Truncate(Cost * Math.Min(Math.Abs(quantity), Math.Abs(Quantity)) / Math.Abs(Quantity)); // never through zero here
            Quantity += quantity;
        }

        private static (decimal Quantity, decimal Cost) Opening(decimal quantity, decimal cost, decimal reducing)
        {
            var opening = Math.Max(0, quantity - Math.Max(0, reducing));
            return (opening, Part(cost, opening, quantity));
        }

        private static decimal Part(decimal cost, decimal part, decimal whole) => part == 0 ? 0 : Math.Ceiling(cost * part / whole);
    }
}
