using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Targets;
using Samplers;

namespace Lae.Tests.Samples;

/// <summary>The kernel of <c>samples/Samplers.CSharp</c>, made outside Lae.Core, put to the laws as its author would.</summary>
public sealed class SamplersTests
{
    [Fact]
    public void It_holds_every_law_in_one_line() =>
        Assert.All(KernelLaws.Unadjusted((target, h) => MyLangevin.Create(target, new MyLangevinOptions { StepSize = h, Temperature = 1.7 }), 0.2, new KernelLawSettings { Temperature = 1.7 }), law => law.Require());

    [Fact]
    public void With_its_noise_mis_scaled_the_law_says_so_in_words()
    {
        IReadOnlyList<LawResult> laws = KernelLaws.Unadjusted((target, h) => MisScaled(target, new MyLangevinOptions { StepSize = h }), 0.2);
        LawResult broken = Assert.Single(laws, law => !law.Holds);
        Assert.Contains("noise may be sqrt(h) where sqrt(2h) is needed", broken.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_the_twin_of_ULA()
    {
        Target target = TestTarget();
        Tensor position = Tensor.FromArray([0.3, -0.4, 1.2, 0.7], 2, 2);
        NoiseSource source = new(Lae.Randomness.RandomKey.FromSeed(3), 0, Chains.Range(2), Workspace.Default);
        Tensor mine = Moved(MyLangevin.Create(target, new MyLangevinOptions { StepSize = 0.2, Temperature = 1.3 }));
        Tensor twin = Moved(UnadjustedLangevin.Create(target, new LangevinSettings(0.2, 1.3)));
        Assert.All(mine.ToArray().Zip(twin.ToArray()), pair => Assert.Equal(pair.Second, pair.First, 1e-14));

        Tensor Moved(Kernel<LangevinState> kernel) => kernel.Transition(source, kernel.Initialize(position)).State.Position;
    }

    /// <summary>The sample's step with √h in place of √(2h): its noise divided by √2.</summary>
    private static Kernel<LangevinState> MisScaled(Target target, MyLangevinOptions options)
    {
        Kernel<LangevinState> kernel = MyLangevin.Create(target, options);
        return new Kernel<LangevinState>(
            "MyLangevin, mis-scaled", kernel.Dimension, kernel.DType, kernel.Initialize, kernel.Refresh, kernel.DrawNoise,
            (noise, state) => kernel.Advance(noise.Map(xi => xi * Math.Sqrt(0.5)), state));
    }

    private static Target TestTarget() => GaussianTarget.Dense(Tensor.FromArray([1.0, -2]), Tensor.FromArray([2, 0.6, 0.6, 1.0], 2, 2));
}
