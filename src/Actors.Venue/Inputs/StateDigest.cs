using System.Buffers.Binary;
using System.Security.Cryptography;
using Actors.Venue.Trading;

namespace Actors.Venue.Inputs;

/// <summary>A fingerprint of everything that accounts own: money, positions and open orders, in the order in which they came to be.</summary>
internal static class StateDigest
{
    public static string Of(Exchange exchange)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[8];
        foreach (var account in exchange.Accounts)
        {
            // A key that was added later brings an account that nothing has happened to.
            if (!account.Holdings.Exists(holding => holding.IsUsed) && account.Wallets.TrueForAll(wallet => wallet.Balance == wallet.Deposited)) continue;
            Add(account.Number, number);
            foreach (var wallet in account.Wallets) Add(wallet.Balance, number);
            foreach (var holding in account.Holdings)
            {
                Add(holding.Position.Quantity.Contracts, number);
                Add(holding.Position.UnrealisedCost, number);
                Add(holding.OpenBuyQuantity, number);
                Add(holding.OpenSellQuantity, number);
            }

            foreach (var order in account.Orders.Where(order => order.IsOpen))
            {
                hash.AppendData(order.Id.ToByteArray());
                Add(order.Leaves, number);
                Add(order.PriceTicks ?? 0, number);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Add(long value, Span<byte> buffer)
        {
            BinaryPrimitives.WriteInt64LittleEndian(buffer, value);
            hash.AppendData(buffer);
        }
    }
}
