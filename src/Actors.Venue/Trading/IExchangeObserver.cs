using Actors.Venue.Clearing;
using Actors.Venue.Matching;
using Actors.Venue.Tables;

namespace Actors.Venue.Trading;

/// <summary>
/// Hears everything that changes, on the exchange's own thread, in the order in which it happens. Changes of one instant that belong
/// together end with <see cref="Flush"/>. Only accounts that keep a history are told of orders, executions, holdings and margins.
/// </summary>
internal interface IExchangeObserver
{
    void OrderAdded(VenueOrder order);

    void OrderChanged(VenueOrder order);

    void Executed(Execution execution);

    void HoldingChanged(Holding holding);

    /// <summary>The account's margin in the currency of the wallet changed.</summary>
    void MarginChanged(Wallet wallet);

    /// <summary>A wallet's money moved other than by trading, or a movement that was told before went on.</summary>
    void Moved(TransactionRow row);

    void Traded(Trade trade);

    /// <summary>Levels that changed; the list is only valid during the call.</summary>
    void BookChanged(ListedInstrument instrument, List<LevelChange> changes);

    void Quoted(QuoteRow quote);

    void InstrumentChanged(ListedInstrument instrument);

    void Funded(FundingRow funding);

    void Settled(SettlementRow settlement);

    void Insured(InsuranceRow insurance);

    /// <summary>A liquidation entered the book, was filled in part, or, with nothing left, is done.</summary>
    void Liquidated(LiquidationRow liquidation);

    void Flush();
}
