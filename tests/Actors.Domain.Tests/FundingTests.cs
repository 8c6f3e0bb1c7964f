using Actors.Domain.Funding;
using Actors.Domain.Instruments;

namespace Actors.Domain.Tests;

/// <summary>Marks, rates and payments. Figures with a date are published rows.</summary>
public class FundingTests
{
    private static readonly TimeSpan EightHours = TimeSpan.FromHours(8);

    // Instrument rows of 2021-07-22; those of 22:36:05 fit only with the time left counted from 22:36:00.
    [Theory]
    [InlineData("32182.72", "0.0001", "22:36:05", 2, "2.17")]
    [InlineData("1.174958", "0.000693", "22:36:05", 6, "0.00055")]
    [InlineData("272.95", "0.000812", "22:36:05", 2, "0.15")]
    [InlineData("0.05455", "0.0001", "22:36:00", 5, "0")]
    public void A_perpetuals_basis_is_what_of_the_next_payment_lies_ahead(string index, string rate, string time, int decimals, string basis)
    {
        var at = DateTimeOffset.Parse($"2021-07-22T{time}Z", System.Globalization.CultureInfo.InvariantCulture);
        var due = new DateTimeOffset(2021, 7, 23, 4, 0, 0, TimeSpan.Zero);
        Assert.Equal(Number(basis), FairPrice.BasisOfPerpetual(Number(index), Number(rate), at, due, EightHours, decimals));
        Assert.Equal(0, FairPrice.BasisOfPerpetual(Number(index), Number(rate), due, due, EightHours, decimals));
    }

    // XBTZ21, ETHUSDU21 and TRXU21 of the same instant.
    [Theory]
    [InlineData("32182.72", "0.03", "2021-12-31", 2, "427.35")]
    [InlineData("2003.18", "0.66", "2021-09-24", 2, "230.22")]
    [InlineData("0.000001692", "-0.17", "2021-09-24", 10, "-0.0000000501")]
    public void A_futures_basis_is_its_rate_by_the_days_that_are_left(string index, string rate, string settles, int decimals, string basis)
    {
        var at = new DateTimeOffset(2021, 7, 22, 22, 36, 5, TimeSpan.Zero);
        var due = DateTimeOffset.Parse($"{settles}T12:00:00Z", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(Number(basis), FairPrice.BasisOfFuture(Number(index), Number(rate), at, due, decimals));
        Assert.Equal(0, FairPrice.BasisOfFuture(Number(index), Number(rate), due.AddHours(1), due, decimals));
    }

    [Fact]
    public void Rates_over_a_year_and_marks_at_the_last_price()
    {
        Assert.Equal(0.1095m, FairPrice.YearlyRate(0.0001m, EightHours));
        Assert.Equal(0.88914m, FairPrice.YearlyRate(0.000812m, EightHours));
        Assert.Equal((42m, 40m), (FairPrice.LastPriceMark(42, 40), FairPrice.LastPriceMark(null, 40)));
    }

    [Theory]
    [InlineData("0.0001", "0.0001", "0.0001")] // within the band: interest itself
    [InlineData("0.0003", "0.0001", "0.0001")]
    [InlineData("0.001", "0.0001", "0.0005")] // premium less the band
    [InlineData("-0.001", "0.0001", "-0.0005")]
    public void Interest_pulls_the_rate_no_farther_than_its_band(string premium, string interest, string rate) =>
        Assert.Equal(Number(rate), FundingRate.Of(Number(premium), Number(interest)));

    [Fact]
    public void Interest_and_premium_are_the_published_formulas()
    {
        Assert.Equal(0.0025m, FundingRate.Interest(0.01m, 0.0025m, 3));
        Assert.Equal(0.0001m, FundingRate.Interest(0.0006m, 0.0003m, 3));
        Assert.Equal(0.0001m + (5m / 10_000), FundingRate.PremiumIndex(10_015, 10_020, 10_010, 10_000, 0.0001m));
        Assert.Equal(-5m / 10_000, FundingRate.PremiumIndex(10_000, 10_005, 10_010, 10_000, 0));
        Assert.Equal(0, FundingRate.PremiumIndex(10_005, 10_015, 10_010, 10_000, 0));
        Assert.Equal((0.00375m, -0.00375m), (FundingRate.UnverifiedCap(0.02m, 0.003m, 0.01m, 0.005m), FundingRate.UnverifiedCap(-0.02m, -0.003m, 0.01m, 0.005m)));
        Assert.Equal(0.00375m, FundingRate.UnverifiedCap(0.02m, 0, 0.02m, 0.005m));
    }

    [Fact]
    public void What_is_averaged_in_one_interval_is_paid_at_the_end_of_the_next()
    {
        var cycle = new FundingCycle(0.0001m, Samples.Noon, EightHours);
        for (var minute = 480; minute > 0; minute--) cycle = cycle.Sample(Samples.Noon.AddMinutes(-minute), minute > 240 ? 0.001m : 0.003m, 0.0001m);
        Assert.Equal(0.0001m, cycle.Rate);
        Assert.Equal(0.0015m, cycle.Indicative(Samples.Noon));
        Assert.Throws<ArgumentOutOfRangeException>(() => cycle.Sample(Samples.Noon, 0, 0));

        cycle = cycle.Turn();
        Assert.Equal((0.0015m, Samples.Noon + EightHours), (cycle.Rate, cycle.NextAt));
        Assert.Equal(0.0015m, cycle.Indicative(Samples.Noon)); // nothing sampled yet
        cycle = cycle.Sample(Samples.Noon, -0.01m, 0.0001m);
        Assert.Equal((0.0015m, -0.0095m), (cycle.Rate, cycle.Turn().Rate));
    }

    [Fact]
    public void A_value_that_held_longer_weighs_more()
    {
        var average = default(TimeWeightedAverage);
        Assert.Null(average.Until(Samples.Noon));
        average = average.Add(Samples.Noon, 1);
        Assert.Equal(1, average.Until(Samples.Noon));
        average = average.Add(Samples.Noon.AddMinutes(3), 5);
        Assert.Equal(2, average.Until(Samples.Noon.AddMinutes(4)));
        Assert.Throws<ArgumentOutOfRangeException>(() => average.Add(Samples.Noon, 1));
    }

    // The venue's guide: 15000 contracts at 750 are 20 XBT; at 0.25 % the long pays 0.05 XBT. Per contract whole satoshi: 19.99995.
    [Theory]
    [InlineData(15000, "0.0025", 4999987)]
    [InlineData(-15000, "0.0025", -4999987)]
    [InlineData(15000, "-0.0025", -4999987)]
    [InlineData(0, "0.0025", 0)]
    [InlineData(1, "0.000001", 0)]
    public void Longs_pay_a_positive_rate_and_fractions_are_cut(long position, string rate, long payment) =>
        Assert.Equal(payment, FundingRate.Payment(Kinds.InverseByContract, new Quantity(position), 750, Number(rate)));

    [Fact]
    public void An_impact_price_is_the_average_of_filling_its_notional()
    {
        ImpactLevel[] asks = [new(2000m, new Quantity(10_000)), new(2010m, new Quantity(1_000_000))];
        // 10000 contracts of 10 at 2000 are 200000000; as much again at 2010 takes 9950.2.. contracts.
        Assert.Equal(2000m, ImpactPrice.Of(Kinds.Linear, asks, 200_000_000));
        var both = ImpactPrice.Of(Kinds.Linear, asks, 400_000_000)!.Value;
        Assert.Equal(400_000_000m / (10 * (10_000 + (200_000_000m / 20_100))), both, 15);
        Assert.Null(ImpactPrice.Of(Kinds.Linear, asks, long.MaxValue));
        Assert.Null(ImpactPrice.Of(Kinds.Linear, [], 1));
        Assert.Equal(2005m, ImpactPrice.Middle(2000, 2010));
        Assert.Null(ImpactPrice.Middle(null, 2010));
    }

    private static decimal Number(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
