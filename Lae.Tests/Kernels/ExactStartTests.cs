using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;
using Xunit.Abstractions;

namespace Lae.Tests.Kernels;

/// <summary>
/// Kernels without a closed form: 20,000 chains that start from the exact law must still have it after 1 and after 20 transitions, on a Gaussian, a banana and a mixture, at steps at which about half of
/// the proposals are accepted; and the reversible ones pass the rank test. Every damaged ratio of <see cref="SampledKernels"/> must be seen.
/// </summary>
public sealed class ExactStartTests(ITestOutputHelper output)
{
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_122);

    public static TheoryData<string, string> Kept { get; } = SampledKernels.Rows(entry => !entry.IsLong);

    public static TheoryData<string, string> KeptLong { get; } = SampledKernels.Rows(entry => entry.IsLong);

    public static TheoryData<string, string> Ranked { get; } = SampledKernels.Rows(entry => !entry.IsLong && entry.IsReversible);

    public static TheoryData<string, string> RankedLong { get; } = SampledKernels.Rows(entry => entry.IsLong && entry.IsReversible);

    public static TheoryData<string, string> Damaged { get; } = SampledKernels.Damages(entry => !entry.IsLong);

    public static TheoryData<string, string> DamagedLong { get; } = SampledKernels.Damages(entry => entry.IsLong);

    [Theory]
    [MemberData(nameof(Kept))]
    public void The_law_is_kept(string kernel, string target)
    {
        SampledKernels.Entry entry = SampledKernels.Named(kernel);
        SampledKernels.Case on = entry.On(target);
        ExactStartReport report = on.Run(on.Correct, Key);
        output.WriteLine($"{report.Law}\nacceptance {report.MeanAcceptance:F3}");
        report.Law.Require();
        Assert.InRange(report.MeanAcceptance, 0.4, 0.7);
    }

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(KeptLong))]
    public void The_law_is_kept_by_costly_kernels(string kernel, string target) => The_law_is_kept(kernel, target);

    [Theory]
    [MemberData(nameof(Ranked))]
    public void The_rank_test_is_passed(string kernel, string target)
    {
        LawResult law = SampledKernels.Named(kernel).On(target).Rank(Key);
        output.WriteLine(law.ToString());
        law.Require();
    }

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(RankedLong))]
    public void The_rank_test_is_passed_by_costly_kernels(string kernel, string target) => The_rank_test_is_passed(kernel, target);

    [Theory]
    [MemberData(nameof(Damaged))]
    public void Each_damage_is_seen(string kernel, string damage)
    {
        // targets are tried until one sees it
        Assert.Contains(SampledKernels.Named(kernel).Cases, on =>
        {
            LawResult law = on.Run(on.Damaged(damage), Key).Law;
            output.WriteLine(law.ToString());
            return !law.Holds;
        });
    }

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(DamagedLong))]
    public void Each_damage_of_costly_kernels_is_seen(string kernel, string damage) => Each_damage_is_seen(kernel, damage);
}
