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

    /// <summary>What must hold at the end, and how it stands; <paramref name="before"/> is what the wallets held before the engine's first order.</summary>
    public static async Task<IReadOnlyList<BoundRow>> RowsAsync(SignedClient client, Dictionary<string, long> before, string engineFolder)
    {
        var positions = Positions(engineFolder, out var payments);
        var (realised, held) = (new Dictionary<string, long>(), new List<string>());
        var rows = (await RowsAsync(client, "/api/v1/position")).ToDictionary(row => row.GetProperty("symbol").GetString()!);
        foreach (var (symbol, ours) in positions)
        {
            var theirs = rows.GetValueOrDefault(symbol) is { ValueKind: JsonValueKind.Object } row ? row.GetProperty("currentQty").GetInt64() : 0;
            if (theirs != ours.Quantity.Contracts) held.Add($"{symbol} is {ours.Quantity} here and {theirs} there");
            var instrument = await RowsAsync(client, $"/api/v1/instrument?symbol={symbol}&columns=settlCurrency");
            var currency = instrument[0].GetProperty("settlCurrency").GetString()!;
            realised[currency] = realised.GetValueOrDefault(currency) + ours.RealisedPnl;
        }

        var after = await WalletsAsync(client);
        var money = realised.Select(one => (one.Key, Ours: one.Value, Theirs: after[one.Key] - before[one.Key])).ToList();
        var paid = await FundingAsync(client);
        var wrong = paid.Keys.Union(payments.Keys).Where(id => paid.GetValueOrDefault(id, long.MinValue) != payments.GetValueOrDefault(id, long.MinValue)).ToList();
        return
        [
            new BoundRow("positions: the journal's are the venue's", held.Count == 0 ? $"{positions.Count} of {positions.Count}" : string.Join("; ", held), held.Count == 0 && positions.Count > 0),
            new BoundRow("payments of funding: the journal's are the venue's, one by one", wrong.Count == 0 ? $"{paid.Count}" : $"{wrong.Count} differ, the first is {wrong[0]}", wrong.Count == 0),
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

    private static async Task<Dictionary<string, long>> FundingAsync(SignedClient client)
    {
        var paid = new Dictionary<string, long>();
        var filter = Uri.EscapeDataString("""{"execType":"Funding"}""");
        while (true)
        {
            var rows = await RowsAsync(client, string.Create(CultureInfo.InvariantCulture, $"/api/v1/execution?reverse=false&filter={filter}&count={PageRows}&start={paid.Count}"));
            foreach (var row in rows) paid.Add(row.GetProperty("execID").GetString()!, row.GetProperty("execComm").GetInt64());
            if (rows.Length < PageRows) return paid;
        }
    }

    private static async Task<JsonElement[]> RowsAsync(SignedClient client, string path)
    {
        var (status, body) = await client.SendAsync(HttpMethod.Get, path);
        if (status != 200) throw new Processes.LoadProcessException($"{path}: {status} {body}");
        using var document = JsonDocument.Parse(body);
        return [.. document.RootElement.EnumerateArray().Select(row => row.Clone())];
    }
}
