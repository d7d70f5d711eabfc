using FsCheck;
using FsCheck.Fluent;
using Lae.Kernels;
using Lae.Laws;
using Lae.Tests.Kernels;

namespace Lae.Tests.Laws;

/// <summary>The one line that a person would write, put to Lae's own Langevin kernels.</summary>
public sealed class LangevinKernelLawsTests
{
    [Theory]
    [InlineData("BAOAB")]
    [InlineData("ABOBA")]
    [InlineData("OBABO")]
    [InlineData("OABAO")]
    [InlineData("BAOA")]
    public void A_splitting_holds_all_laws_of_an_unadjusted_kernel_of_second_order(string word) => Generated.ForAll(
        from h in Gen.Choose(100, 1200)
        from friction in Gen.Choose(50, 2000)
        from t in Gen.Choose(30, 300)
        select (H: h / 1000.0, Friction: friction / 1000.0, T: t / 100.0),
        drawn => KernelLaws.Unadjusted(
            (target, h) => Splitting.Create(target, word, new UnderdampedSettings(h, drawn.Friction, drawn.T)), drawn.H, new KernelLawSettings { Temperature = drawn.T, Order = 2 }).Require(),
        count: 4);

    [Fact]
    public void Leimkuhler_Matthews_holds_all_laws_of_an_unadjusted_kernel() => Generated.ForAll(
        from h in Gen.Choose(50, 800)
        from t in Gen.Choose(30, 300)
        select (H: h / 1000.0, T: t / 100.0),
        drawn => KernelLaws.Unadjusted(
            (target, h) => LeimkuhlerMatthews.Create(target, new LangevinSettings(h, drawn.T)), drawn.H, new KernelLawSettings { Temperature = drawn.T, Order = 2 }).Require(),
        count: 4);

    [Fact]
    public void Barker_holds_all_laws_of_an_exact_kernel_but_rotation() => KernelLaws.Exact(
        target => Barker.Create(target, new LangevinSettings(0.3, 1.7)), new KernelLawSettings { Temperature = 1.7, IsIsotropic = false, Chains = 4_000 }).Require();
}
