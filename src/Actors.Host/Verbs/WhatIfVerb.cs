using Actors.Bitmex;
using Actors.Domain.Instruments;
using Actors.Domain.Margin;
using Actors.Domain.Port;
using Actors.Host.CommandLine;
using Actors.Host.Configuration;
using Actors.Host.Keys;
using Actors.Host.View;

namespace Actors.Host.Verbs;

/// <summary><c>actors what-if</c>: reads an account and tells what changes would do to it. It only ever asks the venue.</summary>
internal sealed class WhatIfVerb(TextWriter output, TextWriter error)
{
    public async Task<int> ExecuteAsync(WhatIfOptions options)
    {
        var settings = KeysFile.Read(options.ConfigDirectory ?? ConfigurationFolder.Default);
        using var key = await new KeyReader(settings, words => error.WriteLine($"actors: {words}")).ReadAsync(options.Source, CancellationToken.None).ConfigureAwait(false);
        var port = new BitmexVenuePort(new BitmexOptions { RestBase = options.Venue, KeyId = key.Id, Secret = key.Secret.Memory });
        await using (port.ConfigureAwait(false))
        {
            return await AnswerAsync(port.Queries, options, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>The exit code. Throws <see cref="UsageException"/> when the account cannot be read or a change does not fit its instruments.</summary>
    internal async Task<int> AnswerAsync(IVenueQueries venue, WhatIfOptions options, CancellationToken cancellation)
    {
        try
        {
            var account = await venue.AccountAsync(cancellation).ConfigureAwait(false);
            var reading = AccountReading.From(await ReadAsync(venue, options.Changes, cancellation).ConfigureAwait(false));
            AccountChange[] changes = [.. options.Changes.Select(change => Fit(reading.Account, change))];
            var answer = WhatIf.Of(reading.Account, changes);
            var title = $"account {account} at {options.Venue.GetLeftPart(UriPartial.Authority)}";
            foreach (var line in WhatIfText.Lines(title, reading.Account, changes, answer, reading.Notes)) await output.WriteLineAsync(Words.Printable(line)).ConfigureAwait(false);
            return answer.Objections.IsEmpty ? ExitCode.Success : ExitCode.Problem;
        }
        catch (VenueUnreachableException problem)
        {
            throw new UsageException($"the account cannot be read: {problem.Message}");
        }
        catch (OverflowException)
        {
            throw new UsageException("a figure of the account would be larger than can be counted");
        }
    }

    private static async Task<AccountReports> ReadAsync(IVenueQueries venue, IReadOnlyList<AskedChange> changes, CancellationToken cancellation)
    {
        var positions = venue.PositionsAsync(cancellation);
        var orders = venue.OpenOrdersAsync(cancellation);
        var margins = venue.MarginsAsync(cancellation);
        await Task.WhenAll(positions, orders, margins).ConfigureAwait(false);
        Symbol[] symbols =
        [
            .. (await positions.ConfigureAwait(false)).Where(row => !row.Quantity.IsZero).Select(row => row.Symbol)
                .Concat((await orders.ConfigureAwait(false)).Select(order => order.Symbol))
                .Concat(changes.Select(change => change.Symbol).OfType<Symbol>()).Distinct().Order(),
        ];
        List<string> problems = [];
        IReadOnlyList<InstrumentReport> instruments = symbols.Length == 0 ? [] : await venue.InstrumentsAsync(symbols, problems.Add, cancellation).ConfigureAwait(false);
        if (problems.Count > 0) throw new UsageException(Words.Printable(problems[0]));
        return new AccountReports(instruments, await positions.ConfigureAwait(false), await orders.ConfigureAwait(false), await margins.ConfigureAwait(false));
    }

    /// <summary>The change in the account's terms.</summary>
    internal static AccountChange Fit(MarginAccount account, AskedChange asked)
    {
        if (asked is AskedChange.Plain { Change: Withdrawal withdrawal })
        {
            return account.Wallets.Any(wallet => wallet.Currency == withdrawal.Amount.Currency)
                ? withdrawal
                : throw new UsageException($"--withdraw: the account has no wallet in {withdrawal.Amount.Currency}; it has {string.Join(", ", account.Wallets.Select(wallet => wallet.Currency.Code))}");
        }

        var terms = account.Holding(asked.Symbol ?? throw new InvalidOperationException($"no instrument in {asked}")).Terms;
        var symbol = terms.Instrument.Symbol;
        if (!terms.IsMargined) throw new UsageException($"{symbol} is a spot pair: it has no margin to ask about");
        if (asked is AskedChange.Order order)
        {
            return terms.Instrument.RefusePrice(order.Price) is { } refusal
                ? throw new UsageException($"--order {symbol}: {refusal}")
                : new OrderAdded(symbol, order.Side, order.Quantity, terms.Instrument.Tick.ToPrice(order.Price));
        }

        var change = ((AskedChange.Plain)asked).Change;
        if (change is LeverageChange or RiskLimitChange or MarginTransfer && terms.PayoutMax is not null)
            throw new UsageException($"{symbol} is paid in full: it has neither leverage nor a risk limit");
        if (change is MarkMoved { Mark: <= 0 } && !terms.PricesMayBeNegative) throw new UsageException($"--mark {symbol}: expected a price above zero");
        return change;
    }
}
