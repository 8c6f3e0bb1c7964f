using System.Text.Json;
using Actors.Venue.Inputs;

namespace Actors.Venue.Tests.Inputs;

public sealed class InputLogTests : IDisposable
{
    private static readonly VenueOrigin Origin = new(1_800_000_000_000, 7, MarketActivity.Quiet, "abc", "", InputLog.Rules);

    private readonly string _folder = Directory.CreateTempSubdirectory("venue-inputs").FullName;

    private string File => Path.Combine(_folder, InputLog.FileName);

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void What_was_appended_is_recovered_in_order_and_goes_on()
    {
        var inputs = Sample(20);
        Write(inputs[..12]);
        Write(inputs[12..]);
        Assert.Equal(inputs.Select(Text), Read().Select(Text));
    }

    [Fact]
    public void A_log_keeps_the_moment_at_which_it_began()
    {
        Write(Sample(1));
        using var log = InputLog.Open(_folder, Origin with { Start = Origin.Start + 5_000 });
        Assert.Equal(Origin, log.Origin);
    }

    [Fact]
    public void A_last_line_that_was_cut_off_at_any_byte_is_dropped_and_the_rest_is_kept()
    {
        var inputs = Sample(3);
        Write(inputs);
        var whole = System.IO.File.ReadAllBytes(File);
        var lastStart = Array.LastIndexOf(whole, (byte)'\n', whole.Length - 2) + 1;
        for (var length = lastStart; length < whole.Length; length++)
        {
            System.IO.File.WriteAllBytes(File, whole[..length]);
            Assert.Equal(inputs[..2].Select(Text), Read().Select(Text));
            Write([inputs[2]]);
            Assert.Equal(inputs.Select(Text), Read().Select(Text));
        }
    }

    [Fact]
    public void A_beginning_that_was_cut_off_is_begun_anew()
    {
        Write([]);
        var whole = System.IO.File.ReadAllBytes(File);
        System.IO.File.WriteAllBytes(File, whole[..(whole.Length / 2)]);
        Write(Sample(2));
        Assert.Equal(2, Read().Count);
    }

    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    public void Any_change_before_the_last_line_is_found_and_the_line_is_named(int seed)
    {
        Write(Sample(10));
        var whole = System.IO.File.ReadAllBytes(File);
        var random = new Random(seed);
        for (var i = 0; i < 300; i++)
        {
            var changed = (byte[])whole.Clone();
            var at = random.Next(whole.Length - 300);
            changed[at] ^= (byte)(1 << random.Next(8));
            System.IO.File.WriteAllBytes(File, changed);
            var fault = Assert.Throws<VenueStartException>(() => Read());
            Assert.True(fault.Message.Contains("line", StringComparison.Ordinal) || fault.Message.Contains("was made with", StringComparison.Ordinal), $"seed {seed}, byte {at}: {fault.Message}");
        }
    }

    [Fact]
    public void A_line_taken_out_is_found()
    {
        Write(Sample(10));
        var lines = System.IO.File.ReadAllLines(File);
        System.IO.File.WriteAllLines(File, lines.Where((_, index) => index != 5));
        Assert.Contains("line 6", Assert.Throws<VenueStartException>(() => Read()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_origin_is_refused_in_words()
    {
        Write(Sample(1));
        Assert.Contains("other recordings", Refusal(Origin with { Recordings = "x" }), StringComparison.Ordinal);
        Assert.Contains("another listing", Refusal(Origin with { Listing = "def" }), StringComparison.Ordinal);
        Assert.Contains("rules of version", Refusal(Origin with { Rules = InputLog.Rules + 1 }), StringComparison.Ordinal);

        string Refusal(VenueOrigin origin) => Assert.Throws<VenueStartException>(() => InputLog.Open(_folder, origin)).Message;
    }

    [Fact]
    public void Two_venues_cannot_write_one_log()
    {
        using var first = InputLog.Open(_folder, Origin);
        Assert.Contains("cannot be used", Assert.Throws<VenueStartException>(() => InputLog.Open(_folder, Origin)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_something_else_is_left_alone()
    {
        System.IO.File.WriteAllText(File, "dear diary\nnothing happened\n");
        Assert.Contains("line 1", Assert.Throws<VenueStartException>(() => InputLog.Open(_folder, Origin)).Message, StringComparison.Ordinal);
        Assert.StartsWith("dear diary", System.IO.File.ReadAllText(File), StringComparison.Ordinal);
    }

    private static VenueInput[] Sample(int count) =>
    [
        .. Enumerable.Range(0, count).Select(i => (VenueInput)((i % 4) switch
        {
            0 => new VenueInput.Lasted(Origin.Start + (i * 1_000)),
            1 => new VenueInput.Requested(Origin.Start + (i * 1_000), 200_001, "POST", "/order", JsonSerializer.SerializeToElement(new { symbol = "XBTUSD", text = "line\nbreak €" })),
            2 => new VenueInput.Jumped(Origin.Start + (i * 1_000), Origin.Start),
            _ => new VenueInput.Counted(Origin.Start + (i * 1_000), "0123"),
        })),
    ];

    private static string Text(VenueInput input) => JsonSerializer.Serialize(input);

    private void Write(IEnumerable<VenueInput> inputs)
    {
        using var log = InputLog.Open(_folder, Origin);
        foreach (var known in log.Recover()) Assert.True(known.At >= Origin.Start);
        foreach (var input in inputs) log.Append(input);
        log.Commit();
    }

    private List<VenueInput> Read()
    {
        using var log = InputLog.Open(_folder, Origin);
        return [.. log.Recover()];
    }
}
