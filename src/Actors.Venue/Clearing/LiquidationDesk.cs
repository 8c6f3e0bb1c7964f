using Actors.Domain.Instruments;
using Actors.Domain.Margin;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Venue.Snapshots;
using Actors.Venue.Tables;
using Actors.Venue.Trading;

namespace Actors.Venue.Clearing;

/// <summary>
/// Looks after every move of the marks whether an account is short of maintenance, and carries the liquidation out step by step. What it takes
/// over belongs to the insurance fund, an account of the venue's own, which works it off in the book.
/// </summary>
internal sealed class LiquidationDesk
{
    public const long FundNumber = 100;

    /// <summary>Each step makes the position smaller or ends it; more than this would be a fault of the steps.</summary>
    private const int StepsMax = 64;
    private static readonly TimeSpan InsuranceTime = TimeSpan.FromHours(12);

    private readonly Exchange _exchange;
    private readonly List<TakenPosition> _taken = [];

    public LiquidationDesk(Exchange exchange)
    {
        _exchange = exchange;
        Fund = exchange.Open(FundNumber, "insurance fund", false, currency => currency.InsuranceFund);
        Fund.IsMargined = false;
        exchange.OnRepeated(ExchangeTask.InsuranceReport, _ =>
        {
            Tell();
            return TimeSpan.FromDays(1);
        });
    }

    /// <summary>Whose balances are the insurance fund of each currency.</summary>
    public Account Fund { get; }

    /// <summary>Tells the fund's balances now and every day at noon.</summary>
    public void Start()
    {
        Tell();
        var noon = new DateTimeOffset(_exchange.Now.UtcDateTime.Date, TimeSpan.Zero) + InsuranceTime;
        _exchange.At(noon > _exchange.Now ? noon : noon.AddDays(1), ExchangeTask.InsuranceReport);
    }

    /// <summary>Liquidates whoever is due at the present marks, and goes on with what was taken over.</summary>
    public void Check()
    {
        // Those who are deleveraged are accounts too: the list does not change, what they hold does.
        foreach (var account in _exchange.Accounts)
        {
            if (account == Fund) continue;
            foreach (var holding in account.Holdings)
            {
                if (!holding.Position.Quantity.IsZero) Check(holding);
            }
        }

        foreach (var taken in _taken.ToList())
        {
            if (taken.Work(_exchange)) _taken.Remove(taken);
        }
    }

    /// <summary>The orders that work positions off.</summary>
    public IEnumerable<VenueOrder> Known() => _taken.Select(taken => taken.Order).OfType<VenueOrder>();

    public void Pass(StateStream state) => state.List(_taken, taken => TakenPosition.Pass(state, taken));

    private void Check(Holding holding)
    {
        var reductionFailed = false;
        for (var step = 0; step < StepsMax; step++)
        {
            var available = WalletMargin.Of(holding.Wallet).Available;
            var decision = Liquidation.Decide(holding.Margin, available, reductionFailed: reductionFailed);
            switch (decision.Action)
            {
                case LiquidationAction.None:
                    return;
                case LiquidationAction.CancelOrders:
                    _exchange.Orders.CancelEach([.. holding.Orders.Open], "Position in liquidation");
                    break;
                case LiquidationAction.LowerRiskLimit:
                    holding.Margin = holding.Margin.WithRiskLimit(decision.RiskLimit);
                    break;
                case LiquidationAction.Reduce:
                    var side = decision.Change.Contracts > 0 ? Side.Buy : Side.Sell;
                    reductionFailed = !Reduce(holding, side, decision.Change.Absolute.Contracts, decision.Bankruptcy);
                    if (!reductionFailed && decision.RiskLimit > 0) holding.Margin = holding.Margin.WithRiskLimit(decision.RiskLimit);
                    break;
                case LiquidationAction.TakeOver:
                    TakeOver(holding, decision.Bankruptcy);
                    return;
            }
        }

        throw new InvalidOperationException($"the liquidation of {holding.Instrument.Symbol} of account {holding.Account.Number} does not end");
    }

    /// <summary>Closes a part in the owner's name, all at once or not at all.</summary>
    private bool Reduce(Holding holding, Side side, long contracts, Price worst)
    {
        var instrument = holding.Instrument;
        return _exchange.Orders.Place(holding.Account, new NewOrder(
            instrument.Symbol, side, contracts, instrument.Decimal(worst.Ticks), VenueOrderType.Limit, TimeInForce.FillOrKill, ExecutionInstructions.ReduceOnly, "", "Liquidation"))
            is { Order.Status: VenueOrderStatus.Filled };
    }

    private void TakeOver(Holding holding, Price bankruptcy)
    {
        var instrument = holding.Instrument;
        var takeover = Liquidation.TakeOver(holding.Margin, bankruptcy);
        // What the domain hands over joins what the fund holds already.
        var (quantity, cost, fee) = (takeover.Engine.Quantity, takeover.Engine.UnrealisedCost, takeover.Fee);
        var realised = Clearinghouse.Move(holding, -quantity.Contracts, -cost, fee);
        holding.Wallet.Currency.Fees += fee;
        Clearinghouse.Move(Fund.Holdings[instrument.Index], quantity.Contracts, cost, 0);
        var price = instrument.Decimal(bankruptcy.Ticks);
        var rate = Math.Max(0, instrument.Definition.TakerFeeRate);
        var money = new FillMoney(quantity.Absolute.Contracts, price, -cost, fee, rate, false, _exchange.Identifiers.Next(), realised + fee);
        SystemExecutions.Record(_exchange, holding, ExecutionKind.Liquidation, quantity.Contracts > 0 ? Side.Sell : Side.Buy, money, "Liquidation");
        _exchange.Orders.PositionChanged(holding);
        var taken = new TakenPosition(Fund.Holdings[instrument.Index], quantity, bankruptcy);
        if (!taken.Work(_exchange)) _taken.Add(taken);
    }

    private void Tell()
    {
        foreach (var wallet in Fund.Wallets)
            _exchange.Observer.Insured(new InsuranceRow(wallet.Currency.Currency.Code, _exchange.Now, wallet.Balance));
    }
}
