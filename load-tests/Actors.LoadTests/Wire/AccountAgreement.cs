using System.Globalization;
using System.Text.Json;
using Actors.Domain.Positions;
using Actors.Journal;

namespace Actors.LoadTests.Wire;

/// <summary>
/// Holds what an engine's journal adds up to against what the venue has of the account, to the last unit, when both have come to rest: positions, every payment of
/// funding, and by how much each wallet changed. Reads the journal's events alone, and the venue over plain REST.
/// </summary>
internal static class AccountAgreement
{
    private const int PageRows = 500;

    /// <summary>Wallet balances in minor units, by currency as the venue spells it.</summary>
    public static async Task<Dictionary<string, long>> WalletsAsync(SignedClient client) =>
        (await RowsAsync(client, "/api/v1/user/margin?currency=all")).ToDictionary(row => row.GetProperty("currency").GetString()!, row => row.GetProperty("walletBalance").GetInt64());

    /// <summary>Adds the payments of funding that the venue still tells of, by execution; of an account that trades much it forgets them within hours.</summary>
    public static async Task CollectFundingAsync(SignedClient client, Dictionary<string, long> paid)
    {
        var filter = Uri.EscapeDataString("""{"execType":"Funding"}""");
        for (var start = 0; ; start += PageRows)
        {
            var rows = await RowsAsync(client, string.Create(CultureInfo.InvariantCulture, $"/api/v1/execution?reverse=false&filter={filter}&count={PageRows}&start={start}"));
            foreach (var row in rows) paid[row.GetProperty("execID").GetString()!] = row.GetProperty("execComm").GetInt64();
            if (rows.Length < PageRows) return;
        }
    }

    /// <summary>
    /// What must hold at the end, and how it stands. To be asked for as soon as the engine has ended: at the venue the time goes on, and the next funding changes what is left.
    /// </summary>
    /// <param name="client">Of the account.</param>
    /// <param name="before">What the wallets held before the engine's first order.</param>
    /// <param name="paid">The payments of funding as they were collected on the way.</param>
    /// <param name="engineFolder">With the journal.</param>
    public static async Task<IReadOnlyList<BoundRow>> CompareAsync(SignedClient client, Dictionary<string, long> before, Dictionary<string, long> paid, string engineFolder)
    {
        // The venue first: a journal of a day takes seconds to read.
        var after = await WalletsAsync(client);
        var theirs = (await RowsAsync(client, "/api/v1/position")).ToDictionary(row => row.GetProperty("symbol").GetString()!, row => row.GetProperty("currentQty").GetInt64());
        await CollectFundingAsync(client, paid);
        var positions = Positions(engineFolder, out var payments);
        var (realised, held) = (new Dictionary<string, long>(), new List<string>());
        foreach (var (symbol, ours) in positions)
        {
            if (theirs.GetValueOrDefault(symbol) != ours.Quantity.Contracts) held.Add($"{symbol} is {ours.Quantity} here and {theirs.GetValueOrDefault(symbol)} there");
            var instrument = await RowsAsync(client, $"/api/v1/instrument?symbol={symbol}&columns=settlCurrency");
            var currency = instrument[0].GetProperty("settlCurrency").GetString()!;
            realised[currency] = realised.GetValueOrDefault(currency) + ours.RealisedPnl;
        }

        var money = realised.Select(one => (one.Key, Ours: one.Value, Theirs: after[one.Key] - before[one.Key])).ToList();
        var wrong = paid.Keys.Union(payments.Keys).Where(id => paid.GetValueOrDefault(id, long.MinValue) != payments.GetValueOrDefault(id, long.MinValue)).ToList();
        return
        [
            new BoundRow("positions: the journal's are the venue's", held.Count == 0 ? $"{positions.Count} of {positions.Count}" : string.Join("; ", held), held.Count == 0 && positions.Count > 0),
            new BoundRow("payments of funding: the journal's are the venue's, one by one", wrong.Count == 0 ? $"{paid.Count}" : $"{wrong.Count} of {paid.Keys.Union(payments.Keys).Count()} differ, the first is {wrong[0]}", wrong.Count == 0),
            new BoundRow(
                "wallets: changed by what the journal's positions realised, to the last unit",
                string.Join("; ", money.Select(one => Measures.Text($"{one.Key} {one.Theirs:+0;-0;0}{(one.Ours == one.Theirs ? "" : $", and {one.Ours:+0;-0;0} in the journal")}"))),
                money.Count > 0 && money.TrueForAll(one => one.Ours == one.Theirs)),
        ];
    }

    private static Dictionary<string, Position> Positions(string engineFolder, out Dictionary<string, long> payments)
    {
        var (positions, paid) = (new Dictionary<string, Position>(), new Dictionary<string, long>());
        using var journal = SessionReader.Open(new JournalLocation.SqliteDirectory(Path.Combine(engineFolder, "journal")).JournalFile);
        foreach (var stream in journal.ListStreams().Select(one => one.Stream))
        {
            var symbol = stream[(stream.LastIndexOf('-') + 1)..];
            foreach (var record in journal.Read(stream))
            {
                if (record.Event is PositionFilled fill) positions[symbol] = positions.GetValueOrDefault(symbol).Fill(fill.Change, fill.Cost, fill.Commission);
                if (record.Event is not PositionCharged charged) continue;
                positions[symbol] = positions.GetValueOrDefault(symbol).Pay(charged.Amount);
                paid.Add(charged.ExecutionId, charged.Amount);
            }
        }

        payments = paid;
        return positions;
    }

    private static async Task<JsonElement[]> RowsAsync(SignedClient client, string path)
    {
        var (status, body) = await client.SendAsync(HttpMethod.Get, path);
        if (status != 200) throw new Processes.LoadProcessException($"{path}: {status} {body}");
        using var document = JsonDocument.Parse(body);
        return [.. document.RootElement.EnumerateArray().Select(row => row.Clone())];
    }
}
