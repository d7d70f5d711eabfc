using FsCheck;
using FsCheck.Fluent;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Targets;
using Lae.Tests.Laws;
using MathNet.Numerics.LinearAlgebra;
using static Lae.Tests.Kernels.GaussianProblem;
using static Lae.Tests.Kernels.MappedTargets;

namespace Lae.Tests.Kernels;

/// <summary>I-50 to I-55 of the underdamped splittings, on targets that are not Gaussian: momenta go along as covectors, p' = M⁻ᵀ p under x' = M x.</summary>
public sealed class UnderdampedSymmetryTests
{
    private const int Points = 5;
    private const int Count = 40;

    private static readonly Gen<Case> Cases =
        from target in Gen.Elements(SampleTargets.All)
        from word in Gen.Elements<string>([.. UnderdampedProblem.Words, "BOAOB", "OABABO"])
        from logStep in Gen.Choose(-1500, -500)
        from logFriction in Gen.Choose(-2000, 3000)
        from hot in Gen.Elements(-1, 1)
        from logTemperature in Gen.Choose(100, 600)
        from seed in Gen.Choose(0, 1_000_000)
        select new Case(target, word, Math.Pow(10, logStep / 1000.0), Math.Pow(10, logFriction / 1000.0), Math.Pow(10, hot * logTemperature / 1000.0), seed);

    [Fact]
    [Proves("I-50", "BAOAB", "ABOBA", "OBABO", "OABAO", "BAOA")]
    public void I50_affine_maps_with_the_mass_that_goes_along() => Generated.ForAll(
        Cases,
        c =>
        {
            Matrix<double> w = Rotation(c.Dimension, c.Seed + 5) * Positive(c.Dimension, 0.4, 2.5, c.Seed + 6);
            Matrix<double> covector = w.Inverse().Transpose();
            Matrix<double> mass = Positive(c.Dimension, 0.5, 2, c.Seed + 7);
            Matrix<double> image = Symmetric(covector * mass * covector.Transpose());
            // R' ξ' = M⁻ᵀ R ξ
            Matrix<double> noise = image.Cholesky().Factor.Solve(covector * mass.Cholesky().Factor);
            AssertEquivariant(c, w, covector, MassMatrix.Dense(ToTensor(mass)), MassMatrix.Dense(ToTensor(image)), noise, 1e-11);
        },
        Count);

    [Fact]
    [Proves("I-51", "BAOAB", "ABOBA", "OBABO", "OABAO", "BAOA")]
    public void I51_rotation() => Generated.ForAll(
        Cases,
        c =>
        {
            Matrix<double> rotation = Rotation(c.Dimension, c.Seed + 5);
            AssertEquivariant(c, rotation, rotation, MassMatrix.Identity, MassMatrix.Identity, rotation, 1e-12);
        },
        Count);

    [Fact]
    [Proves("I-52", "BAOAB", "ABOBA", "OBABO", "OABAO", "BAOA")]
    public void I52_permutation_of_coordinates() => Generated.ForAll(
        Cases,
        c =>
        {
            Matrix<double> permutation = Matrix<double>.Build.Dense(c.Dimension, c.Dimension, (i, j) => j == (i + 1) % c.Dimension ? 1 : 0);
            AssertEquivariant(c, permutation, permutation, MassMatrix.Identity, MassMatrix.Identity, permutation, 1e-13);
        },
        Count);

    [Fact]
    [Proves("I-52", "BAOAB", "ABOBA", "OBABO", "OABAO", "BAOA")]
    public void I52_translation() => Generated.ForAll(
        Cases,
        c =>
        {
            Tensor shift = Tensor.FromArray(Normals(c.Seed + 8, 1, c.Dimension).Row(0).ToArray());
            UnderdampedState here = c.Step(c.Target, c.Settings(), c.Position(), c.Momentum());
            UnderdampedState there = c.Step(c.Target.Translated(shift), c.Settings(), c.Position() + shift, c.Momentum());
            AssertSame(here.Position + shift, there.Position, 1e-11);
            AssertSame(here.Momentum, there.Momentum, 1e-11);
        },
        Count);

    [Fact]
    [Proves("I-53", "BAOAB", "ABOBA", "OBABO", "OABAO", "BAOA")]
    public void I53_a_constant_in_the_energy_changes_nothing() => Generated.ForAll(
        Cases,
        c =>
        {
            UnderdampedState here = c.Step(c.Target, c.Settings(), c.Position(), c.Momentum());
            UnderdampedState there = c.Step(c.Target.Raised(3.25), c.Settings(), c.Position(), c.Momentum());
            Assert.Equal(here.Position.ToArray(), there.Position.ToArray());
            Assert.Equal(here.Momentum.ToArray(), there.Momentum.ToArray());
        },
        Count);

    [Fact]
    [Proves("I-54", "BAOAB", "ABOBA", "OBABO", "OABAO", "BAOA")]
    public void I54_only_U_over_T_and_M_over_T_count() => Generated.ForAll(
        Cases,
        c =>
        {
            Matrix<double> mass = Positive(c.Dimension, 0.5, 2, c.Seed + 7);
            UnderdampedSettings plain = new(c.StepSize, c.Friction, 1, MassMatrix.Dense(ToTensor(mass / c.Temperature)));
            UnderdampedState here = c.Step(c.Target, c.Settings(MassMatrix.Dense(ToTensor(mass))), c.Position(), c.Momentum());
            UnderdampedState there = c.Step(c.Target.Tempered(c.Temperature), plain, c.Position(), c.Momentum() / c.Temperature);
            AssertSame(here.Position, there.Position, 1e-12);
            AssertSame(here.Momentum / c.Temperature, there.Momentum, 1e-12);
        },
        Count);

    [Fact]
    [Proves("I-54", "BAOAB", "ABOBA", "OBABO", "OABAO", "BAOA")]
    public void I54_units_of_time_are_free() => Generated.ForAll(
        Cases,
        c =>
        {
            // t' = t/s: h/s, γ s, and momenta M dx/dt' = s p with temperature and energy times s²
            const double S = 1.7;
            UnderdampedState here = c.Step(c.Target, c.Settings(), c.Position(), c.Momentum());
            UnderdampedState there = c.Step(c.Target.Tempered(1 / (S * S)), new UnderdampedSettings(c.StepSize / S, c.Friction * S, c.Temperature * S * S), c.Position(), c.Momentum() * S);
            AssertSame(here.Position, there.Position, 1e-12);
            AssertSame(here.Momentum * S, there.Momentum, 1e-12);
        },
        Count);

    [Fact]
    [Proves("I-55", "BAOAB", "ABOBA", "OBABO", "OABAO", "BAOA")]
    public void I55_a_block_of_a_product_target_ignores_the_others_bit_for_bit() => Generated.ForAll(
        Cases,
        c =>
        {
            Target product = Product(c.Target, SampleTargets.Quartic(2));
            // a mass in two blocks, diagonal: the inverse of a dense one is found by a factorization whose zeros are not exact
            Tensor mass = Normals(c.Seed + 7, 1, c.Dimension + 2).Row(0).PointwiseExp() is var m ? Tensor.FromArray(m.ToArray()) : throw new InvalidOperationException();
            UnderdampedSettings narrow = c.Settings(MassMatrix.Diagonal(mass.Slice(0, 0, c.Dimension)));
            UnderdampedState alone = c.Step(c.Target, narrow, c.Position(), c.Momentum());
            for (int seed = 30; seed < 32; seed++)
            {
                Tensor elsewhere = Noise(c.Seed + seed, Points, 2);
                Tensor Wide(Tensor x) => Shaping.Join(1, [x, elsewhere]);
                UnderdampedState next = c.Step(product, c.Settings(MassMatrix.Diagonal(mass)), Wide(c.Position()), Wide(c.Momentum()), Wide);
                Assert.Equal(alone.Position.ToArray(), next.Position.Slice(1, 0, c.Dimension).ToArray());
                Assert.Equal(alone.Momentum.ToArray(), next.Momentum.Slice(1, 0, c.Dimension).ToArray());
            }
        },
        Count);

    private static void AssertEquivariant(Case c, Matrix<double> ofPosition, Matrix<double> ofMomentum, MassMatrix here, MassMatrix there, Matrix<double> noise, double tolerance)
    {
        UnderdampedState a = c.Step(c.Target, c.Settings(here), c.Position(), c.Momentum());
        UnderdampedState b = c.Step(c.Target.Mapped(ofPosition), c.Settings(there), c.Position().Times(ofPosition), c.Momentum().Times(ofMomentum), xi => xi.Times(noise));
        AssertSame(a.Position.Times(ofPosition), b.Position, tolerance);
        AssertSame(a.Momentum.Times(ofMomentum), b.Momentum, tolerance);
    }

    private static Matrix<double> Symmetric(Matrix<double> a) => 0.5 * (a + a.Transpose());

    private sealed record Case(Target Target, string Word, double StepSize, double Friction, double Temperature, int Seed)
    {
        public int Dimension => Target.Dimension;

        public UnderdampedSettings Settings(MassMatrix? mass = null) => new(StepSize, Friction, Temperature, mass);

        public Tensor Position() => Noise(Seed, Points, Dimension);

        public Tensor Momentum() => Noise(Seed + 1, Points, Dimension);

        public UnderdampedState Step(Target target, UnderdampedSettings settings, Tensor position, Tensor momentum, Func<Tensor, Tensor>? ofNoise = null)
        {
            Kernel<UnderdampedState> kernel = Splitting.Create(target, Word, settings);
            return UnderdampedStep.Of(kernel, UnderdampedStep.State(kernel, position, momentum), o => Noise(Seed + 2 + o, Points, Dimension) is var xi && ofNoise is not null ? ofNoise(xi) : xi);
        }

        public override string ToString() => $"{Word} on {Target.Name}, h = {StepSize:R}, friction = {Friction:R}, T = {Temperature:R}, seed {Seed}";
    }
}
